/** A ```bash block of the tour, with what the README says that it prints. */
export interface TourStep {
  /** Where its commands start in the README, counted from 1. */
  readonly line: number;
  readonly commands: string;
  readonly expected?: ExpectedOutput;
}

export interface ExpectedOutput {
  readonly format: 'json' | 'text';
  readonly text: string;
}

const START = '<!-- tour:start -->';
const END = '<!-- tour:end -->';

/** The steps between the markers, in order. */
export function tourIn(readme: string): TourStep[] {
  const steps: TourStep[] = [];
  for (const { language, text, line } of tourBlocksOf(readme)) {
    if (language === 'bash') steps.push({ line, commands: text });
    if (language !== 'json' && language !== 'text') continue;

    const step = steps.pop();
    if (!step || step.expected) throw new Error(`Line ${line} shows an output, but no command stands before it.`);
    steps.push({ ...step, expected: { format: language, text } });
  }
  return steps;
}

/** The commands above the tour that start the app, without the installation before them. */
export function startCommandsIn(readme: string): string {
  const start = readme.indexOf(START);
  const above = readme.slice(0, Math.max(start, 0));
  return blocksOf(above)
    .filter(({ language }) => language === 'bash')
    .flatMap(({ text }) => text.replaceAll('\\\n', ' ').split('\n'))
    .filter((command) => /^export |\bnpm (run )?start\b/.test(command))
    .map((command) => command.replace(/^npm ci && /, ''))
    .join('\n');
}

export interface Block {
  readonly language: string;
  readonly text: string;
  readonly line: number;
}

function tourBlocksOf(readme: string): Block[] {
  const start = readme.indexOf(START);
  const end = readme.indexOf(END);
  if (start < 0 || end < start) throw new Error(`README.md has no ${START} that is followed by ${END}.`);
  const linesBefore = readme.slice(0, start).split('\n').length - 1;
  return blocksOf(readme.slice(start, end)).map((block) => ({ ...block, line: block.line + linesBefore }));
}

/** All fenced blocks. */
export function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(\w+)[^\n]*\n([\s\S]*?)^```[ \t]*$/gm)].map(
    ({ index, 1: language = '', 2: text = '' }) => ({
      language,
      text,
      line: markdown.slice(0, index).split('\n').length + 1,
    }),
  );
}
