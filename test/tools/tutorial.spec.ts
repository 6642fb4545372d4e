import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TourShell } from '../../tools/tour/tour-shell.js';
import { changed } from '../../tools/tour/tutorial-session.js';
import { tutorialIn } from '../../tools/tour/tutorial.js';

const fenced = (language: string, text: string) => `\`\`\`${language}\n${text}\n\`\`\`\n`;

describe('reading a tutorial', () => {
  it('finds the action of each block, and its expected output', () => {
    const markdown = [
      'Look, this fails:\n',
      fenced('bash', 'false'),
      '\nIn `a/b.ts`:\n',
      fenced('ts', 'const a = 1;'),
      '\nNow in\n`a/b.ts`:\n',
      fenced('diff', ' one\n-two\n+three\n@@\n+four\n five'),
      '\nStop it with Ctrl+C:\n',
      fenced('bash', 'A=1 npm start'),
      fenced('mermaid', 'flowchart'),
      fenced('bash', 'echo 1'),
      fenced('text', '1'),
    ].join('');

    expect(tutorialIn(markdown)).toEqual([
      { line: 3, kind: 'run', commands: 'false\n', fails: true },
      { line: 8, kind: 'write', path: 'a/b.ts', text: 'const a = 1;\n' },
      {
        line: 14,
        kind: 'change',
        path: 'a/b.ts',
        changes: [
          ['one\ntwo\n', 'one\nthree\n'],
          ['five\n', 'four\nfive\n'],
        ],
      },
      { line: 24, kind: 'start', commands: 'A=1 npm start\n', again: true },
      { line: 30, kind: 'run', commands: 'echo 1\n', fails: false, expected: { format: 'text', text: '1\n' } },
    ]);
  });

  it.each([
    ['a block of an unknown language', fenced('yaml', 'a: 1'), 'a block of yaml'],
    ['a block without a language', '```\nls\n```\n', 'begin each with'],
    ['a block that is indented', '- so:\n\n  ```bash\n  ls\n  ```\n', 'begin each with'],
    ['a file without a path', `Write this:\n\n${fenced('ts', 'const a = 1;')}`, 'the paragraph above has to end'],
    ['an output without a command', fenced('text', '1'), 'no command stands before it'],
  ])('refuses %s', (_, markdown, sentence) => {
    expect(() => tutorialIn(markdown)).toThrow(sentence);
  });
});

describe('changing a file', () => {
  const text = '\none\n  two\nthree\n';

  it('replaces lines that occur once', () => {
    expect(changed(text, ['  two\nthree\n', '  four\n'])).toBe('\none\n  four\n');
  });

  it('refuses lines that occur twice, not at all, or in part', () => {
    expect(() => changed('\na\na\n', ['a\n', 'b\n'])).toThrow('2 times');
    for (const before of ['five\n', 'two\n']) expect(() => changed(text, [before, ''])).toThrow('0 times');
  });
});

describe('a terminal', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'terminal-'));
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('shows errors too, and continues after a command that may fail', async () => {
    const env = { PATH: process.env.PATH };
    const shell = new TourShell({ cwd: folder, folder, env, isTerminal: true, limitMs: 10_000 });

    const failed = await shell.run('A=1; echo out; echo error >&2; false', true);
    const next = await shell.run('echo $A');
    await shell.close();

    expect([failed, next]).toMatchObject([
      { code: 1, output: 'out\nerror\n' },
      { code: 0, output: '1\n' },
    ]);
  });
});
