import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { comparable } from '../../tools/tour/expected-output.js';
import { tourIn, type TourStep } from '../../tools/tour/readme-tour.js';
import { runTour } from '../../tools/tour/tour-session.js';

export type Variables = Readonly<Record<string, string>>;

/** The text of a how-to, without its title. */
export async function howTo(page: string): Promise<string> {
  return readFile(join(import.meta.dirname, '..', '..', 'docs', 'how-to', page), 'utf8');
}

/**
 * Runs the commands of a text, and compares their outputs. Returns the number of outputs.
 * @param before what the shell needs, such as `npx leftfold`
 */
export async function follow(text: string, before: TourStep, apiUrl: string): Promise<number> {
  const steps: TourStep[] = tourIn(`<!-- tour:start -->\n${text}\n<!-- tour:end -->`);
  const [, ...outputs] = await runTour([before, ...steps], apiUrl);

  const shown = steps.flatMap(({ expected }, index) => (expected ? [comparable(expected, outputs[index]!)] : []));
  expect(shown.map(({ actual }) => actual)).toEqual(shown.map(({ expected }) => expected));
  return shown.length;
}
