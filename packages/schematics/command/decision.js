import { importName } from '../project/imports.js';
import { classOf, edit, sourceOf } from '../project/source-files.js';

/** @typedef {import('@angular-devkit/schematics').Tree} Tree */
/** @typedef {import('../project/aggregates.js').KnownAggregate} KnownAggregate */
/** @typedef {import('../project/aggregates.js').KnownEvent} KnownEvent */
/** @typedef {import('../project/fields.js').Field} Field */

/**
 * @typedef {object} Decision
 * @property {string} name `confirm-order`
 * @property {string} method its name on the aggregate
 * @property {KnownEvent | undefined} event that it applies
 * @property {boolean} creates whether it creates the aggregate
 * @property {readonly { name: string, type: string }[]} takes its parameters after the id
 */

/** The parameter of a decision that takes the time. A stored command can't carry it: its handler reads the clock. */
export const NOW = 'now';

/** Whether the aggregate has a decision that creates it. @param {Tree} tree @param {KnownAggregate} aggregate */
export function hasCreator(tree, { path, className }) {
  return classOf(sourceOf(tree, path), className)
    .getStaticMethods()
    .some((each) => each.getReturnTypeNode()?.getText() === className);
}

/**
 * The parameters of a decision after the id: the fields of its event, with one `now` for its times.
 * @param {KnownEvent | undefined} event
 */
export function takenBy(event) {
  const fields = event?.fields.slice(1) ?? [];
  const said = fields.filter(({ kind }) => kind !== 'other' && kind !== 'time');
  const now = fields.some(({ kind }) => kind === 'time') ? [{ name: NOW, type: 'Date' }] : [];
  return [...said.map(({ name, type }) => ({ name, type })), ...now];
}

/**
 * Writes the method that applies the event. Returns false when there is neither an event nor a method.
 * @param {Tree} tree @param {KnownAggregate} aggregate @param {Decision} decision
 */
export function addDecision(tree, aggregate, { method, event, creates, takes }) {
  const { path, className, variable } = aggregate;
  const known = classOf(sourceOf(tree, path), className);
  if (known.getMethod(method)) return true;
  if (!event) return false;

  const parameters = takes.map(({ name, type }) => `${name}: ${type}`);
  const fact = `new ${event.className}(${[creates ? 'id' : 'this.id', ...saidBy(event)].join(', ')})`;
  const text = creates
    ? `static ${method}(${['id: string', ...parameters].join(', ')}): ${className} {
         const ${variable} = new ${className}(id);
         ${variable}.apply(${fact});
         return ${variable};
       }`
    : `${method}(${parameters.join(', ')}): void {
         this.apply(${fact});
       }`;
  edit(tree, path, (source) => {
    const target = classOf(source, className);
    target.insertMember(target.getMethodOrThrow('evolve').getChildIndex(), `${text}\n`);
    importName(source, event.className, `../events/${event.name}.event.js`);
  });
  return true;
}

/** The arguments after the id. @param {KnownEvent} event */
function saidBy({ fields }) {
  return fields
    .slice(1)
    .filter(({ kind }) => kind !== 'other')
    .map(({ name, kind }) => (kind === 'time' ? `${NOW}.toISOString()` : name));
}
