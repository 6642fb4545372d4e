import { Refusal } from './refusal.js';
import { kebab } from './words.js';

/**
 * @typedef {{ name?: string, path?: string, spec?: boolean, skipImport?: boolean, route?: boolean | string, when?: string }} Options
 * what the command line gives; see schema.json of each generator
 *
 * @typedef {object} Request
 * @property {string} feature as it was spelled, as words between hyphens
 * @property {string} name the same, without what its class gets anyway: `confirm-order` of `ConfirmOrderCommand`
 * @property {boolean} spec whether tests are wanted
 * @property {boolean | string} route a route; its path, if one was given
 * @property {string | undefined} when the event that it waits for
 */

/**
 * `orders/confirm-order`: what to write, and in which feature.
 * @param {string} kind as in `nest g <kind>`
 * @param {Options} options
 * @param {{ example: string, suffixes?: readonly string[], takes?: readonly ('route' | 'when')[] }} shape
 * @returns {Request}
 */
export function requestOf(kind, options, { example, suffixes = [kind], takes = [] }) {
  if (options.skipImport) throw new Refusal('What is generated is always registered. Leave --skip-import out.');
  const given = options.name?.trim().replace(/^(\.?\/)?(src\/)?/, '');
  if (!given) throw new Refusal(`Name it: npx nest g ${kind} ${example}`);

  const [feature = '', name, ...more] = given.split('/');
  if (name === undefined || more.length > 0) {
    throw new Refusal(`Say the feature and the name, with one slash between: npx nest g ${kind} ${example}`);
  }
  const { route = false, when } = { ...options, ...afterTheDashes(kind, options.path, takes) };
  return {
    feature: kebab(feature),
    name: withoutSuffix(kebab(name), suffixes),
    spec: options.spec ?? true,
    route: route === 'true' || route === '' ? true : route,
    when: when === undefined ? undefined : kebab(when),
  };
}

/**
 * The Nest CLI refuses options that it doesn't know. After `--` it hands one word on, as the path that it has no use for.
 * @param {string} kind
 * @param {string | undefined} word
 * @param {readonly string[]} takes
 * @returns {Partial<Pick<Options, 'route' | 'when'>>}
 */
function afterTheDashes(kind, word, takes) {
  if (word === undefined || word === '') return {};
  const [, option = '', value] = /^--([a-z]+)(?:=(.+))?$/.exec(word) ?? [];
  if (takes.includes(option) && (option !== 'when' || value)) return { [option]: value ?? true };
  const known = takes.map((each) => (each === 'when' ? '-- --when=<event>' : `-- --${each}, or -- --${each}=<path>`));
  throw new Refusal(
    `"${word}" is nothing that nest g ${kind} takes. ${known.length ? `It takes ${known[0]}.` : ''}`.trim(),
  );
}

/** @param {string} name @param {readonly string[]} suffixes */
function withoutSuffix(name, suffixes) {
  const suffix = suffixes.find((each) => name.endsWith(`-${each}`));
  return suffix ? name.slice(0, -suffix.length - 1) : name;
}
