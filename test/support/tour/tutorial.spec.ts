import { tutorialIn } from './tutorial.js';

const block = (language: string, ...lines: string[]): string => ['```' + language, ...lines, '```', ''].join('\n');

it('reads what to run, to write and to change, and what comes of it', () => {
  const text = [
    'Run it. This fails:\n',
    block('bash', 'npm run typecheck'),
    block('text', 'error'),
    'Replace\n`src/a.ts`:\n',
    block('ts', 'const a = 1;'),
    'In `src/b.ts`:\n',
    block('diff', ' same', '-old', '+new', '@@', '+added', ' last'),
    'Start it.\n',
    block('bash', 'npm start'),
    'Stop it with Ctrl+C, and start it.\n',
    block('bash', 'npm start'),
  ].join('\n');

  expect(tutorialIn(text).map(({ line: _line, ...step }) => step)).toEqual([
    { kind: 'run', commands: 'npm run typecheck\n', fails: true, expected: { format: 'text', text: 'error\n' } },
    { kind: 'write', path: 'src/a.ts', text: 'const a = 1;\n' },
    {
      kind: 'change',
      path: 'src/b.ts',
      changes: [
        ['same\nold\n', 'same\nnew\n'],
        ['last\n', 'added\nlast\n'],
      ],
    },
    { kind: 'start', commands: 'npm start\n', again: false },
    { kind: 'start', commands: 'npm start\n', again: true },
  ]);
});

it.each([
  ['a block of no language', '```\nnpm test\n```\n', /2 fences and 0 blocks/],
  ['a language that nobody does', block('yaml', 'a: 1'), /Line 2: nobody knows what to do with a block of yaml/],
  ['an output without commands', block('text', 'x'), /Line 2 shows an output, but no command stands before it/],
  ['a file without a path', `Write this.\n\n${block('ts', 'x')}`, /Line 4: the paragraph above has to end with/],
])('refuses %s', (_name, text, problem) => {
  expect(() => tutorialIn(text)).toThrow(problem);
});
