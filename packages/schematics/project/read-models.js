import { Refusal } from './refusal.js';
import { sourceOf } from './source-files.js';
import { pascal, singular } from './words.js';

/** @typedef {import('@angular-devkit/schematics').Tree} Tree */
/** @typedef {import('./features.js').Feature} Feature */

/**
 * @typedef {object} Column
 * @property {string} name
 * @property {string} type as written in the source
 * @property {boolean} primary
 * @property {string | undefined} property the argument of `@ApiProperty`; undefined for types of the project's own
 */

/** An existing read model, with the names by which queries refer to it. */
export class KnownReadModel {
  /** @param {Tree} tree @param {Feature} feature @param {string} name */
  constructor(tree, feature, name) {
    this.feature = feature;
    this.name = name;
    this.className = pascal(name);
    this.columns = columnsOf(tree, `${feature.folder}/read-models/${name}/${name}.entity.ts`, this.className);
    const keys = this.columns.filter(({ primary }) => primary);
    this.key = keys[0]?.name ?? 'id';
    this.onlyKey = keys.length === 1 && keys[0]?.type === 'string';
  }

  /**
   * Finds the read model for a query: `order-view` for `find-order`, or else the one with a similar name, or else
   * the only one.
   * @param {Tree} tree @param {Feature} feature @param {string} asked `order`
   */
  static about(tree, feature, asked) {
    const known = tree
      .getDir(`${feature.folder}/read-models`)
      .subdirs.filter((name) => tree.exists(`${feature.folder}/read-models/${name}/${name}.entity.ts`));
    const one = singular(asked);
    const alike = known.find((name) => name === `${one}-view`) ?? known.find((name) => singular(name) === one);
    const found = alike ?? (known.length === 1 ? known[0] : undefined);
    if (found) return new KnownReadModel(tree, feature, found).withOneKey();
    throw new Refusal(
      known.length === 0
        ? `${feature.name} has no read model yet. Begin with: npx nest g read-model ${feature.name}/${one}-view`
        : `${feature.name} has the read models ${known.join(' and ')}. Name the query after one of them.`,
    );
  }

  /** Queries look a row up, and page through rows, by one column of text. */
  withOneKey() {
    if (this.onlyKey) return this;
    throw new Refusal(
      `${this.className} has no single key of type string, which a query needs. Give it one, such as id: 'berlin:2026-01', or write the query by hand.`,
    );
  }
}

/** @param {Tree} tree @param {string} path @param {string} className @returns {Column[]} */
function columnsOf(tree, path, className) {
  return sourceOf(tree, path)
    .getClassOrThrow(className)
    .getProperties()
    .filter((each) => each.getDecorator('Column') ?? each.getDecorator('PrimaryColumn'))
    .map((each) => {
      const type = each.getTypeNode()?.getText() ?? 'unknown';
      const [name, primary] = [each.getName(), each.getDecorator('PrimaryColumn') !== undefined];
      return { name, type, primary, property: propertyOf(name, type) };
    });
}

/** @param {string} name @param {string} type */
function propertyOf(name, type) {
  switch (type) {
    case 'string':
      if (/[a-z]Id$/.test(name)) return "{ format: 'uuid' }";
      return /[a-z]At$/.test(name) ? "{ format: 'date-time' }" : '';
    case 'number':
      return "{ type: 'integer' }";
    case 'boolean':
      return '';
    case 'string | null':
      return '{ type: String, nullable: true }';
    default:
      return undefined;
  }
}
