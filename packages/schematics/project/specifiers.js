import { isEsm } from './application.js';

/**
 * Templates import `./order.js`, as ES modules require. A CommonJS application imports `./order`, the only form that
 * its Jest finds.
 * @returns {import('@angular-devkit/schematics').Rule}
 */
export function specifiersOfTheApplication() {
  return (tree) => {
    if (isEsm(tree)) return;
    for (const action of tree.actions) {
      if (action.kind === 'd' || !action.path.endsWith('.ts')) continue;
      const text = tree.readText(action.path);
      tree.overwrite(action.path, text.replaceAll(/(\bfrom '\.{1,2}\/[^'\n]+)\.js'/g, "$1'"));
    }
  };
}
