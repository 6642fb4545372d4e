const PATH = '.gitignore';

/**
 * @param {import('@angular-devkit/schematics').Tree} tree
 * @param {string} folder with a slash at the end
 */
export function ignoreFolder(tree, folder) {
  const text = tree.exists(PATH) ? tree.readText(PATH) : '';
  const name = folder.slice(0, -1);
  if (text.split(/\r?\n/).some((line) => line.trim().replaceAll(/^\/|\/$/g, '') === name)) return;
  const before = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  if (tree.exists(PATH)) tree.overwrite(PATH, `${before}${folder}\n`);
  else tree.create(PATH, `${folder}\n`);
}
