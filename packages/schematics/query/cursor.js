import { importName } from '../project/imports.js';
import { edit, sourceOf } from '../project/source-files.js';
import { capitalised } from '../project/words.js';

/**
 * The function that tells whether a cursor is a place of the list: one that the feature has, or a new one.
 * @param {import('@angular-devkit/schematics').Tree} tree
 * @param {import('../project/features.js').Feature} feature
 * @param {string} key
 */
export function cursorCheck(tree, feature, key) {
  const check = `is${capitalised(key)}`;
  const path = `${feature.folder}/cursors.ts`;
  if (!tree.exists(path)) tree.create(path, '');
  if (sourceOf(tree, path).getFunction(check)) return check;
  const isUuid = key.endsWith('Id');
  edit(tree, path, (source) => {
    source.addStatements(
      `\nexport function ${check}(value: unknown): value is string {\nreturn typeof value === 'string'${isUuid ? ' && validate(value)' : ''};\n}\n`,
    );
    if (isUuid) importName(source, 'validate', 'uuid');
  });
  return check;
}
