import { blocksOf } from '../../tools/tour/readme-tour.js';
import { unquotedIn } from '../../tools/tour/unquoted.js';
import { pages, textOf } from './pages.js';

/** What people paste into whatever shell they have. */
it('commands of every page mean the same in zsh: nothing that it expands is unquoted', async () => {
  const found: string[] = [];
  let blocks = 0;
  for (const page of await pages()) {
    for (const { language, text, line } of blocksOf(await textOf(page))) {
      if (language !== 'bash') continue;
      blocks += 1;
      found.push(...unquotedIn(text).map((each) => `${page}:${line + each.line - 1} ${each.word}`));
    }
  }

  expect(blocks).toBeGreaterThan(30);
  expect(found).toEqual([]);
});

it.each([
  ['a=$(curl x | field items[1].at)', ['items[1].at']],
  ['curl localhost/things?at=1', ['localhost/things?at=1']],
  ['ls *.ts', ['*.ts']],
  ['npm start # and wait', ['#']],
])('finds what zsh expands in %s', (command, words) => {
  expect(unquotedIn(command).map(({ word }) => word)).toEqual(words);
});

it.each([
  "field 'items[1].at'",
  'curl "$API/things?at=1"',
  'until [ "$(status)" = paid ]; do sleep 1; done',
  'echo $?',
])('is content with %s', (command) => expect(unquotedIn(command)).toEqual([]));
