import pluralize from 'pluralize';
import { Refusal } from './refusal.js';

/** Names of features that are the same in singular and plural. */
const UNCOUNTABLE = `
  access accounting billing compliance content feedback finance fulfilment identity insurance inventory logging
  loyalty mail marketing messaging monitoring onboarding payroll planning pricing purchasing reporting
  scheduling search shipping stock support ticketing tracking training
`
  .trim()
  .split(/\s+/);
for (const word of UNCOUNTABLE) pluralize.addUncountableRule(word);

/**
 * A name in any case, as words between hyphens: `ConfirmOrder`, `confirm_order` and `confirm order` become `confirm-order`.
 * @param {string} text
 */
export function kebab(text) {
  const name = text
    .trim()
    .replaceAll(/([a-z\d])([A-Z])/g, '$1-$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .replaceAll(/[\s_-]+/g, '-')
    .toLowerCase();
  if (/^[a-z][a-z\d]*(-[a-z\d]+)*$/.test(name)) return name;
  throw new Refusal(`"${text}" can't be a name. Use letters, digits and hyphens, and begin with a letter.`);
}

/** `confirm-order` becomes `ConfirmOrder`. @param {string} name */
export function pascal(name) {
  return name.replaceAll(/(?:^|-)(.)/g, (_, letter) => letter.toUpperCase());
}

/** `confirm-order` becomes `confirmOrder`. @param {string} name */
export function camel(name) {
  return name.replaceAll(/-(.)/g, (_, letter) => letter.toUpperCase());
}

/** `orderId` becomes `OrderId`. @param {string} name */
export function capitalised(name) {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** `confirm-order` becomes `confirm_order`. @param {string} name */
export function snake(name) {
  return name.replaceAll('-', '_');
}

/** `confirm-order` becomes `CONFIRM_ORDER`. @param {string} name */
export function screaming(name) {
  return snake(name).toUpperCase();
}

/** `order-line` as words of a sentence: `order line`. @param {string} name */
export function spaced(name) {
  return name.replaceAll('-', ' ');
}

/** `a return`, `an order`. @param {string} words */
export function withArticle(words) {
  return `${/^[aeio]|^u(?!ni|se)/i.test(words) ? 'an' : 'a'} ${words}`;
}

/** @param {string} name */
export function plural(name) {
  return inflected(name, (word) => pluralize.plural(word));
}

/** @param {string} name */
export function singular(name) {
  return inflected(name, (word) => pluralize.singular(word));
}

/** Words after which what follows only says more: `orders-by-city` are orders. */
const PREPOSITIONS = ['by', 'of', 'per'];

/**
 * Inflects one word only, as English does: the last one, or the one before `by`, `of` and `per`.
 * @param {string} name @param {(word: string) => string} inflect
 */
function inflected(name, inflect) {
  const words = name.split('-');
  const preposition = words.findIndex((word, index) => index > 0 && PREPOSITIONS.includes(word));
  const at = preposition < 0 || preposition === words.length - 1 ? words.length - 1 : preposition - 1;
  return words.map((word, index) => (index === at ? inflect(word) : word)).join('-');
}
