import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateIn, ProjectInMemory, step, type Step } from '../../tools/generators/generate.js';

const REPOSITORY = join(import.meta.dirname, '..', '..');
const reference = await readFile(join(REPOSITORY, 'docs', 'reference', 'generators.md'), 'utf8');
const collection = await json<{ schematics: Record<string, { schema: string }> }>('collection.json');
/** All but `nest upgrade`, which generates nothing. */
const { upgrade: _upgrade, ...schematics } = collection.schematics;
/** The first column of the first table: `feature returns`. */
const shown = [...reference.matchAll(/^\| `([a-z-]+ [a-z/-]+)` +\|/gm)].map(([, line = '']) => line);

it('lists every generator once, with a valid name', async () => {
  expect(shown).toHaveLength(Object.keys(schematics).length);
  expect(new Set(shown.map((line) => line.split(' ')[0]))).toEqual(new Set(Object.keys(schematics)));

  for (const line of shown) {
    const { refusal } = await generateIn(ProjectInMemory.withoutReturns(), ...before(line), step(line));
    expect({ line, refusal }).toEqual({ line, refusal: null });
  }
});

it.each(['route', 'when'])('lists the option --%s of every generator that has it', async (option) => {
  const takers = await Promise.all(
    Object.entries(schematics).map(async ([name, { schema }]) => {
      const { properties } = await json<{ properties: object }>(schema);
      return Object.hasOwn(properties, option) ? [name] : [];
    }),
  );
  const row = reference
    .split('\n')
    .filter((line) => line.includes(` ${option}`) && line.startsWith('| `'))
    .join('\n');

  expect(takers.flat().length).toBe(2);
  for (const name of takers.flat()) expect(row).toMatch(new RegExp(`\`${name}\\b`));
});

it('shows a whole feature in the README, step by step', async () => {
  const readme = await readFile(join(REPOSITORY, 'README.md'), 'utf8');
  const lines = [...readme.matchAll(/^npx nest g (\S+ \S+)(?: (\S+))?$/gm)];
  const steps = lines.map(([, line = '', option]) => step(line, option === undefined ? {} : { path: option }));

  const { refusal } = await generateIn(ProjectInMemory.withoutReturns(), ...steps);

  expect(new Set(steps.map(({ generator }) => generator))).toEqual(new Set(Object.keys(schematics)));
  expect(refusal).toBeNull();
});

/** `aggregate returns/return` needs the feature of the previous line. */
function before(line: string): Step[] {
  return line.startsWith('aggregate returns/') ? [step('feature returns')] : [];
}

async function json<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(join(REPOSITORY, 'packages', 'schematics', file), 'utf8')) as T;
}
