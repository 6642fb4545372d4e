import { importName } from '../project/imports.js';
import { edit, sourceOf } from '../project/source-files.js';
import { capitalised } from '../project/words.js';

/**
 * The name of the function that checks a list's cursor. It is added to the feature if there is none yet.
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
