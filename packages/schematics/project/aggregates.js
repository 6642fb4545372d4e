import { SyntaxKind } from 'ts-morph';
import { fieldsOf } from './fields.js';
import { Refusal } from './refusal.js';
import { isKeyword } from './reserved-words.js';
import { sourceOf } from './source-files.js';
import { camel, kebab, pascal, screaming, spaced } from './words.js';

/** @typedef {import('@angular-devkit/schematics').Tree} Tree */
/** @typedef {import('./features.js').Feature} Feature */
/** @typedef {import('./fields.js').Field} Field */

/**
 * @typedef {object} KnownEvent
 * @property {string} name `order-confirmed`
 * @property {string} className
 * @property {string} type its stored name, `orders.order-confirmed`
 * @property {Field[]} fields the first is the aggregate's id
 */

/** An existing aggregate, with the names by which other code refers to it. */
export class KnownAggregate {
  /**
   * @param {Feature} feature
   * @param {string} name
   * @param {string} idName the name of its id in its events: `orderId`, or `sku`
   */
  constructor(feature, name, idName = `${camel(name)}Id`) {
    this.feature = feature;
    this.name = name;
    this.idName = idName;
    this.idConstant = screaming(kebab(idName));
    this.className = pascal(name);
    this.spoken = spaced(name);
    /** The name of the parameter in `(order) => order.cancel()`; `it` when the aggregate's name is a reserved word. */
    this.variable = isKeyword(name) ? 'it' : camel(name);
    /** The part of its stream names before the first hyphen. */
    this.category = name.replaceAll('-', '');
    this.path = `${feature.folder}/domain/${name}.aggregate.ts`;
    this.specPath = `${feature.folder}/domain/${name}.aggregate.spec.ts`;
    this.listPath = `${feature.folder}/events/${name}.events.ts`;
    this.listName = `${screaming(name)}_EVENTS`;
    this.eventType = `${this.className}Event`;
    this.fixturesPath = `${feature.folder}/testing/${name}.fixtures.ts`;
    this.notFoundError = `${this.className}NotFoundError`;
  }

  /**
   * Finds the aggregate that a name mentions, or else the feature's only one.
   * @param {Tree} tree @param {Feature} feature @param {string} name `confirm-order`
   */
  static about(tree, feature, name) {
    const found = KnownAggregate.maybeAbout(tree, feature, name);
    if (found) return found;
    const known = feature.namesIn(tree, 'domain', '.aggregate.ts');
    throw new Refusal(
      known.length === 0
        ? `${feature.name} has no aggregate yet. Begin with: npx nest g aggregate ${feature.name}/<name>`
        : `${feature.name} has the aggregates ${known.join(' and ')}. Put the name of one of them into "${name}".`,
    );
  }

  /**
   * The same, or undefined when the name mentions none of several aggregates, or there is none.
   * @param {Tree} tree @param {Feature} feature @param {string} name
   */
  static maybeAbout(tree, feature, name) {
    const known = feature.namesIn(tree, 'domain', '.aggregate.ts');
    const [mentioned] = known
      .filter((each) => `-${name}-`.includes(`-${each}-`))
      .toSorted((one, other) => other.length - one.length);
    const only = known.length === 1 ? known[0] : undefined;
    const found = mentioned ?? only;
    if (!found) return undefined;
    const [first] = new KnownAggregate(feature, found).events(tree);
    return new KnownAggregate(feature, found, first?.fields[0]?.name);
  }

  /** The events of its stream, in the order of the closed list. @param {Tree} tree @returns {KnownEvent[]} */
  events(tree) {
    const list = sourceOf(tree, this.listPath)
      .getVariableDeclaration(this.listName)
      ?.getFirstDescendantByKind(SyntaxKind.ArrayLiteralExpression);
    if (!list) throw new Refusal(`${this.listPath} has no list ${this.listName}. Nothing can be registered there.`);
    return list.getElements().map((element) => this.event(tree, element.getText()));
  }

  /**
   * The event that triggers a saga or a side effect.
   * @param {Tree} tree
   * @param {string | undefined} name default: the last one of the list
   */
  eventNamed(tree, name) {
    const known = this.events(tree);
    const found = name === undefined ? known.at(-1) : known.find((each) => each.name === name);
    if (found) return found;
    throw new Refusal(
      known.length === 0
        ? `${this.feature.name} has no event yet. Begin with: npx nest g event ${this.feature.name}/<what-has-happened>`
        : `There is no event ${name} of ${this.name}. There are ${known.map((each) => each.name).join(', ')}.`,
    );
  }

  /** The call that makes its not-found error: `OrderNotFoundError.withId`. @param {Tree} tree */
  notFound(tree) {
    const path = `${this.feature.folder}/domain/${this.name}.errors.ts`;
    const error = tree.exists(path) ? sourceOf(tree, path).getClass(this.notFoundError) : undefined;
    const [made] = error?.getStaticMethods() ?? [];
    if (made) return `${this.notFoundError}.${made.getName()}`;
    throw new Refusal(`${path} has no ${this.notFoundError} with a static method. Add one for queries to throw.`);
  }

  /** @param {Tree} tree @param {string} className @returns {KnownEvent} */
  event(tree, className) {
    const name = kebab(className);
    const path = `${this.feature.folder}/events/${name}.event.ts`;
    if (!tree.exists(path)) throw new Refusal(`${this.listPath} names ${className}, but there is no ${path}.`);
    const found = sourceOf(tree, path).getClassOrThrow(className);
    const type = found.getDecorator('DomainEvent')?.getArguments()[0]?.asKind(SyntaxKind.StringLiteral);
    if (!type) throw new Refusal(`${className} has no @DomainEvent with a name: ${path}.`);
    return { name, className, type: type.getLiteralText(), fields: fieldsOf(found) };
  }
}
