import { stripVTControlCharacters } from 'node:util';
import type { ExpectedOutput } from './readme-tour.js';

const ANYTHING_ELSE = '...';

const PLACEHOLDERS: [RegExp, string][] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<uuid>'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g, '<time>'],
  [/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT/g, '<time>'],
  [/\(\d+ bytes\)$/gm, '(<size>)'],
  // Jest tells how long a test file took, if that was long.
  [/ \([\d.]+ m?s\)$/gm, ''],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, '<token>'],
];

/** Both outputs in a form in which they are equal exactly when the README is right. For `expect(a).toEqual(b)`. */
export function comparable(expected: ExpectedOutput, output: string): { actual: unknown; expected: unknown } {
  const [wanted, got] = [normalise(expected.text), normalise(output)];
  if (expected.format === 'text') {
    const lines = linesOf(wanted);
    return { actual: withoutTheRestOfLines(linesOf(got), lines), expected: lines };
  }
  const shape: unknown = JSON.parse(wanted);
  return { actual: withoutTheRest(parsedOr(got), shape), expected: shape };
}

export function normalise(text: string): string {
  return PLACEHOLDERS.reduce(
    (result, [pattern, placeholder]) => result.replaceAll(pattern, placeholder),
    stripVTControlCharacters(text),
  );
}

/** What is no JSON stays text, and so becomes a readable difference. */
function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Cuts out of `actual` whatever `expected` covers by `...`. */
function withoutTheRest(actual: unknown, expected: unknown): unknown {
  if (Array.isArray(actual) && Array.isArray(expected)) {
    const open = expected.at(-1) === ANYTHING_ELSE;
    const kept = open ? actual.slice(0, expected.length - 1) : actual;
    const cut = kept.map((item: unknown, index) => withoutTheRest(item, expected[index]));
    return open ? [...cut, ANYTHING_ELSE] : cut;
  }
  if (!isObject(actual) || !isObject(expected)) return actual;
  const open = ANYTHING_ELSE in expected;
  const kept = Object.entries(actual).filter(([key]) => !open || key in expected);
  const cut = kept.map(([key, value]) => [key, withoutTheRest(value, expected[key])] as const);
  return { ...Object.fromEntries(cut), ...(open && { [ANYTHING_ELSE]: expected[ANYTHING_ELSE] }) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Puts `...` where `expected` has it and skips lines up to the next one that fits. */
function withoutTheRestOfLines(actual: string[], expected: string[]): string[] {
  const result: string[] = [];
  let at = 0;
  for (const [index, line] of expected.entries()) {
    if (line !== ANYTHING_ELSE) {
      result.push(...actual.slice(at, ++at));
      continue;
    }
    const next = expected[index + 1];
    const found = next === undefined ? actual.length : actual.indexOf(next, at);
    if (found < 0) break;
    result.push(ANYTHING_ELSE);
    at = found;
  }
  return [...result, ...actual.slice(at)];
}

function linesOf(text: string): string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd());
}
