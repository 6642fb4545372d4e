import { join } from 'node:path';
import { builtApp } from './built-app.js';
import type { TourStep } from '../../tools/tour/readme-tour.js';

/**
 * Commands that make `npx leftfold` available as in a checkout.
 * @param commands run after that
 */
export async function asInCheckout(variables: Readonly<Record<string, string>>, commands = ''): Promise<TourStep> {
  const { folder } = await builtApp();
  const lines = [
    ...['package.json', 'bin', 'dist', 'node_modules'].map((part) => `ln -s '${join(folder, part)}' ${part}`),
    ...Object.entries(variables).map(([name, value]) => `export ${name}='${value}'`),
    commands,
  ];
  return { line: 0, commands: lines.join('\n') };
}
