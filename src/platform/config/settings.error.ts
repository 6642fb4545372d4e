/** A variable of the environment can't be used as it is. The message names it first, and ends with the remedy. */
export class SettingsError extends Error {
  constructor(
    readonly variable: string,
    problemAndRemedy: string,
  ) {
    super(`${variable} ${problemAndRemedy}`);
    this.name = 'SettingsError';
  }
}
