/** An environment variable has an unusable value. The message begins with its name and ends with the remedy. */
export class SettingsError extends Error {
  constructor(
    readonly variable: string,
    problemAndRemedy: string,
  ) {
    super(`${variable} ${problemAndRemedy}`);
    this.name = 'SettingsError';
  }
}
