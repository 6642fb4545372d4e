/** @typedef {import('@angular-devkit/schematics').Tree} Tree */
/** @typedef {{ readonly path: string, readonly excerpt: string, readonly what: string }} Item */

/** Names the folder of the kernel, which is gone. */
const MENTION = 'src/event-sourcing';
const WITH_MENTIONS = /\.(?:[cm]?[jt]s|jsonc?|ya?ml)$/;
const NOT_WRITTEN_BY_HAND = /^\/package-lock\.json$/;

/** What a program can't do, to be listed for the developer. */
export class Left {
  /** @type {Item[]} */
  items = [];

  /** @param {string} path @param {string} what has to be done there @param {string} [excerpt] of its line */
  add(path, what, excerpt = '') {
    this.items.push({ path, what, excerpt });
  }

  /** Other files than sources that name the kernel's folder, such as the linter's settings. @param {Tree} tree */
  addMentions(tree) {
    const paths = tree.root.subfiles.map((name) => `/${name}`);
    tree.getDir('tools').visit((path) => paths.push(path));
    for (const path of paths.filter((each) => WITH_MENTIONS.test(each) && !NOT_WRITTEN_BY_HAND.test(each))) {
      if (tree.readText(path).includes(MENTION)) this.add(path.slice(1), `names ${MENTION}, which is gone`, MENTION);
    }
  }

  /** A line each, with the numbers that lines have now. @param {Tree} tree @returns {string[]} */
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
