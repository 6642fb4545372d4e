import { blocksOf, type ExpectedOutput } from './readme-tour.js';

/** What a block of a tutorial asks its reader to do. */
export type TutorialStep = { readonly line: number } & (
  | { readonly kind: 'run'; readonly commands: string; readonly fails: boolean; readonly expected?: ExpectedOutput }
  | { readonly kind: 'start'; readonly commands: string; readonly again: boolean }
  | { readonly kind: 'write'; readonly path: string; readonly text: string }
  | { readonly kind: 'change'; readonly path: string; readonly changes: readonly Change[] }
);

/** Lines, and what stands in their place afterwards. */
export type Change = readonly [before: string, after: string];

/** Every fenced block, in order. Rejects what would be left out: a block that nobody does is one that nobody checks. */
export function tutorialIn(markdown: string): TutorialStep[] {
  const lines = markdown.split('\n');
  const blocks = blocksOf(markdown);
  const fences = lines.filter((line) => /^\s*(```|~~~)/.test(line)).length;
  if (fences !== 2 * blocks.length) {
    throw new Error(`There are ${fences} fences and ${blocks.length} blocks: begin each with \`\`\`<language>.`);
  }

  const steps: TutorialStep[] = [];
  for (const { language, text, line } of blocks) {
    const prose = paragraphAbove(lines, line);
    if (language === 'text' || language === 'json') {
      steps.push(showing({ format: language, text }, steps.pop(), line, prose));
    } else if (language !== 'mermaid') {
      steps.push({ line, ...taskOf(language, text, line, prose) });
    }
  }
  return steps;
}

function taskOf(language: string, text: string, line: number, prose: string) {
  switch (language) {
    case 'bash':
      return /\bnpm start$/m.test(text)
        ? ({ kind: 'start', commands: text, again: /Ctrl\+C/.test(prose) } as const)
        : ({ kind: 'run', commands: text, fails: /\bfails\b/.test(prose) } as const);
    case 'ts':
      return { kind: 'write', path: pathIn(prose, line), text } as const;
    case 'diff':
      return { kind: 'change', path: pathIn(prose, line), changes: changesIn(text) } as const;
    default:
      throw new Error(`Line ${line}: nobody knows what to do with a block of ${language}.`);
  }
}

/** What is shown belongs to the commands right above, or below the words that say what comes of them. */
function showing(expected: ExpectedOutput, step: TutorialStep | undefined, line: number, prose: string): TutorialStep {
  if (step?.kind === 'run' && !step.expected)
    return { ...step, fails: step.fails || /\bfails\b/.test(prose), expected };
  throw new Error(`Line ${line} shows an output, but no command stands before it.`);
}

/** The path with which the words above end. */
function pathIn(prose: string, line: number): string {
  const path = /`([^`\s]+)`:$/.exec(prose)?.[1];
  if (path === undefined)
    throw new Error(`Line ${line}: the paragraph above has to end with \`the/path.ts\` and a colon.`);
  return path;
}

/** Parts between lines that begin with `@@`. */
function changesIn(diff: string): Change[] {
  const parts = diff.split(/^@@.*\n/m).filter((part) => part !== '');
  return parts.map((part) => [sideOf(part, '+'), sideOf(part, '-')]);
}

/** Without the lines of the other side. */
function sideOf(part: string, other: '+' | '-'): string {
  const lines = part.split('\n').slice(0, -1);
  return lines.flatMap((line) => (line.startsWith(other) ? [] : [`${line.slice(1)}\n`])).join('');
}

/** @param line of the first line in the block, counted from 1 */
function paragraphAbove(lines: readonly string[], line: number): string {
  let end = line - 2;
  while (end > 0 && lines[end - 1]?.trim() === '') end -= 1;
  let start = end;
  while (start > 0 && lines[start - 1]?.trim() !== '' && !lines[start - 1]?.startsWith('```')) start -= 1;
  return lines.slice(start, end).join('\n').trimEnd();
}
