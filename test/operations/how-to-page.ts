import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asInCheckout } from '../support/tour/checkout.js';
import { comparable } from '../support/tour/expected-output.js';
import { tourIn, type TourStep } from '../support/tour/readme-tour.js';
import { runTour } from '../support/tour/tour-session.js';

export type Variables = Readonly<Record<string, string>>;

/** The text of a how-to, without its title. */
export async function howTo(page: string): Promise<string> {
  return readFile(join(import.meta.dirname, '..', '..', 'docs', 'how-to', page), 'utf8');
}

/**
 * Does what a text shows, in a folder like that of the built app, and compares what it prints. Answers how many outputs there
 * were.
 * @param commands run before the first one
 */
export async function follow(text: string, variables: Variables, apiUrl: string, commands = ''): Promise<number> {
  const steps: TourStep[] = tourIn(`<!-- tour:start -->\n${text}\n<!-- tour:end -->`);
  const [, ...outputs] = await runTour([await asInCheckout(variables, commands), ...steps], apiUrl);

  const shown = steps.flatMap(({ expected }, index) => (expected ? [comparable(expected, outputs[index]!)] : []));
  expect(shown.map(({ actual }) => actual)).toEqual(shown.map(({ expected }) => expected));
  return shown.length;
}
