import { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { main } from '@angular-devkit/schematics-cli/bin/schematics.js';
import { untilExit } from './until-exit.js';

export interface Generated {
  readonly code: number;
  /** Standard output and errors, as on the screen. */
  readonly output: string;
}

/**
 * Does in this process what `nest g <generator> <name> <option>` starts two for: the Nest CLI's, and its generators'.
 * @param folder of the project; this process stands in it meanwhile
 */
export async function nestGenerate(folder: string, line: string): Promise<Generated> {
  const [generator = '', name = '', ...options] = line.split(' ');
  const [path, ...more] = options[0] === '--' ? options.slice(1) : options;
  if (more.length > 0 || (path?.startsWith('--') && options[0] !== '--')) throw new Error(`Unknown options: ${line}`);
  return runSchematic(
    folder,
    `@leftfold/schematics:${generator}`,
    `--name=${name}`,
    ...(path ? [`--path=${path}`] : []),
  );
}

/**
 * Runs a schematic in this process, as the Nest CLI does in another one.
 * @param folder of the project; this process stands in it meanwhile
 * @param schematic `<collection>:<name>`
 */
export async function runSchematic(
  folder: string,
  schematic: string,
  ...options: readonly string[]
): Promise<Generated> {
  let output = '';
  const screen = new Writable({
    write: (chunk: Buffer, _, done) => {
      output += chunk.toString();
      done();
    },
  });
  const elsewhere = process.cwd();
  process.chdir(folder);
  try {
    const code = await untilExit(() => main({ args: [schematic, ...options], stdout: screen, stderr: screen }));
    return { code, output: stripVTControlCharacters(output) };
  } finally {
    process.chdir(elsewhere);
  }
}
