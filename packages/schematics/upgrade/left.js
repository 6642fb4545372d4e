/** @typedef {import('@angular-devkit/schematics').Tree} Tree */
/** @typedef {{ readonly path: string, readonly excerpt: string, readonly what: string }} Item */

/** Matches the folder of the kernel, which is gone. */
const MENTION = 'src/event-sourcing';
const WITH_MENTIONS = /\.(?:[cm]?[jt]s|jsonc?|ya?ml)$/;
const NOT_WRITTEN_BY_HAND = /^\/package-lock\.json$/;

/** Collects what the developer must do by hand. */
export class Left {
  /** @type {Item[]} */
  items = [];

  /** @param {string} path @param {string} what to do there @param {string} [excerpt] of its line */
  add(path, what, excerpt = '') {
    this.items.push({ path, what, excerpt });
  }

  /** Reports files other than sources that name the kernel's folder, such as the linter's settings. @param {Tree} tree */
  addMentions(tree) {
    const paths = tree.root.subfiles.map((name) => `/${name}`);
    tree.getDir('tools').visit((path) => paths.push(path));
    for (const path of paths.filter((each) => WITH_MENTIONS.test(each) && !NOT_WRITTEN_BY_HAND.test(each))) {
      if (tree.readText(path).includes(MENTION)) this.add(path.slice(1), `names ${MENTION}, which is gone`, MENTION);
    }
  }

  /** One line per item, with the current line numbers. @param {Tree} tree @returns {string[]} */
  lines(tree) {
    const lines = this.items.map(({ path, what, excerpt }) => {
      const index =
        excerpt === ''
          ? -1
          : tree
              .readText(path)
              .split('\n')
              .findIndex((line) => line.includes(excerpt));
      return index < 0 ? `${path}: ${what}` : `${path}:${index + 1}: ${what}`;
    });
    return [...new Set(lines)].toSorted();
  }
}
