import { type DeadLetter, DeadLetters } from '@leftfold/core';
import { fields, printable, table } from '../../cli/columns.js';
import type { CommandLine } from '../../cli/command-line.js';
import { count } from '../../cli/format.js';
import { type DeadLetterAnswer, deadLetterAnswer } from '../dead-letter.answer.js';

const PAGE = 500;

export async function listDeadLetters(cli: CommandLine, json: boolean | undefined): Promise<void> {
  const found = await cli.open((app) => all(app.get(DeadLetters)));
  const items = found.map(deadLetterAnswer);
  cli.output.answer(json, { items }, () => {
    if (items.length === 0) return ['There are no dead letters.'];
    return table(
      ['ID', 'KIND', 'SUBSCRIPTION', 'POSITION', 'STREAM', 'TYPE', 'ATTEMPTS', 'WAITING', 'ERROR'],
      items.map(({ id, kind, subscription, position, stream, type, attempts, waiting, error }) => [
        id,
        kind,
        subscription,
        count(position),
        stream,
        type,
        count(attempts),
        count(waiting),
        error,
      ]),
      ['left', 'left', 'left', 'right', 'left', 'left', 'right', 'right'],
    );
  });
}

async function all(letters: DeadLetters): Promise<DeadLetter[]> {
  const found: DeadLetter[] = [];
  for (;;) {
    const page = await letters.list(found.at(-1)?.id, PAGE);
    found.push(...page);
    if (page.length < PAGE) return found;
  }
}

export async function showDeadLetter(cli: CommandLine, id: string, json: boolean | undefined): Promise<void> {
  const found = await cli.open((app) => app.get(DeadLetters).get(id));
  const answer = deadLetterAnswer(found);
  cli.output.answer(json, answer, () => letterLines(answer));
}

function letterLines(letter: DeadLetterAnswer): string[] {
  const stack = letter.stack?.split('\n').map((line) => `  ${printable(line.trimStart())}`);
  return [
    ...fields([
      ['Id', letter.id],
      ['Kind', letter.kind],
      ['Subscription', letter.subscription],
      ['Position', count(letter.position)],
      ['Stream', letter.stream],
      ['Version', count(letter.version)],
      ['Type', letter.type],
      ['Attempts', count(letter.attempts)],
      ['First failed', letter.firstFailedAt],
      ['Last failed', letter.lastFailedAt],
      ['Waiting behind', count(letter.waiting)],
      ['Error', letter.error],
    ]),
    ...(stack ? ['Stack', ...stack] : []),
  ];
}
