import type { Command, CommanderError } from 'commander';

const SUGGESTION = /\n\((Did you mean .*\?)\)$/;

/** Commander's error message as one line with a hint: `Unknown option '--x': see "leftfold log tail --help".` */
export function explainUsage({ message }: CommanderError, command: Command): string {
  const [, suggestion] = SUGGESTION.exec(message) ?? [];
  const problem = message
    .replace(SUGGESTION, '')
    .replace(/^error: /, '')
    .replaceAll(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '');
  const sentence = problem.charAt(0).toUpperCase() + problem.slice(1);
  const where = `see "${pathOf(command)} --help".`;
  return suggestion ? `${sentence}. ${suggestion} Otherwise ${where}` : `${sentence}: ${where}`;
}

/** The command as typed, with the program's name. */
export function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}
