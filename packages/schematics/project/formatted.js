import { join } from 'node:path';
import { format, getFileInfo, resolveConfig } from 'prettier';

/**
 * Formats the written and changed files with the project's own Prettier settings. The rule of `@nestjs/schematics` looks
 * for the settings in the root of the file system and finds none.
 * @returns {import('@angular-devkit/schematics').Rule}
 */
export function formatted() {
  return async (tree) => {
    const changed = new Set(tree.actions.flatMap((action) => (action.kind === 'd' ? [] : [action.path])));
    for (const path of changed) {
      const file = join(process.cwd(), path);
      const { inferredParser } = await getFileInfo(file);
      if (!inferredParser) continue;
      const settings = await resolveConfig(file);
      tree.overwrite(path, await format(tree.readText(path), { ...settings, filepath: file }));
    }
  };
}
