import { Refusal } from './refusal.js';
import { namesIn } from './source-files.js';
import { pascal, plural, singular } from './words.js';

/** @typedef {import('@angular-devkit/schematics').Tree} Tree */

/** Folders of `src` that have a module but are no feature. */
const NO_FEATURES = ['platform'];

/** @param {Tree} tree @returns {string[]} */
export function featuresOf(tree) {
  const { subdirs } = tree.getDir('src');
  return subdirs
    .filter((name) => !NO_FEATURES.includes(name) && tree.exists(`src/${name}/${name}.module.ts`))
    .toSorted();
}

/** A folder of `src` with a module. Everything else is generated into one. */
export class Feature {
  /** @param {string} name */
  constructor(name) {
    this.name = name;
    this.folder = `src/${name}`;
    this.moduleClass = `${pascal(name)}Module`;
    this.modulePath = `${this.folder}/${name}.module.ts`;
  }

  /**
   * @param {Tree} tree
   * @param {string} spelled in the singular or the plural
   */
  static find(tree, spelled) {
    const known = featuresOf(tree);
    const name = [spelled, plural(spelled), singular(spelled)].find((each) => known.includes(each));
    if (name) return new Feature(name);
    const others = known.length > 0 ? `There are ${known.join(', ')}.` : 'There is none yet.';
    throw new Refusal(
      `There is no feature ${spelled}. ${others} To add one, run: npx nest g feature ${plural(spelled)}`,
    );
  }

  /**
   * Refuses a name that is taken.
   * @param {Tree} tree
   * @param {string} what `command confirm-order`
   * @param {string} path below the feature's folder, of a file or a folder
   */
  refuseExisting(tree, what, path) {
    const taken = `${this.folder}/${path}`;
    if (!tree.exists(taken) && tree.getDir(taken).subfiles.length === 0) return;
    throw new Refusal(`${this.name} has the ${what} already: ${taken}. Choose another name.`);
  }

  /** Refuses to overwrite a test. @param {Tree} tree @param {string} name */
  refuseTest(tree, name) {
    const taken = `test/${this.name}/${name}.e2e-spec.ts`;
    if (tree.exists(taken)) throw new Refusal(`There is ${taken} already. Choose another name.`);
  }

  /**
   * @param {Tree} tree
   * @param {string} folder below the feature's
   * @param {string} ending `.aggregate.ts`
   */
  namesIn(tree, folder, ending) {
    return namesIn(tree, `${this.folder}/${folder}`, ending);
  }
}
