import { Refusal } from './refusal.js';
import { kebab } from './words.js';

/**
 * @typedef {{ name?: string, path?: string, spec?: boolean, skipImport?: boolean, route?: boolean | string, when?: string, sourceRoot?: string, project?: string }} Options
 * from the command line; see schema.json of each generator
 *
 * @typedef {object} Request
 * @property {string} feature as typed, as words between hyphens
 * @property {string} name the same, without the suffix that its class gets anyway: `confirm-order` of `ConfirmOrderCommand`
 * @property {boolean} spec whether to write tests
 * @property {boolean | string} route whether to add a route; or its path
 * @property {string | undefined} when the event that triggers it
 */

/**
 * Reads `orders/confirm-order`: the feature, and the name of what to generate.
 * @param {string} kind as in `nest g <kind>`
 * @param {Options} options
 * @param {{ example: string, suffixes?: readonly string[], takes?: readonly ('route' | 'when')[] }} shape
 * @returns {Request}
 */
export function requestOf(kind, options, { example, suffixes = [kind], takes = [] }) {
  if (options.skipImport) throw new Refusal('A generated class is always registered. Leave --skip-import out.');
  const given = options.name?.trim().replace(/^(\.?\/)?(src\/)?/, '');
  if (!given) throw new Refusal(`Give a name: npx nest g ${kind} ${example}`);

  const [feature = '', name, ...more] = given.split('/');
  if (name === undefined || more.length > 0) {
    throw new Refusal(`Give the feature and the name, with one slash between: npx nest g ${kind} ${example}`);
  }
  const { route = false, when } = { ...options, ...afterTheName(kind, options.path, takes) };
  return {
    feature: kebab(feature),
    name: withoutSuffix(kebab(name), suffixes),
    spec: options.spec ?? true,
    route: route === 'true' || route === '' ? true : route,
    when: when === undefined ? undefined : kebab(when),
  };
}

/**
 * The Nest CLI refuses unknown options. It passes one word after the name to the generator, as an unused path: `route`, or with dashes
 * when it stands after a `--`.
 * @param {string} kind
 * @param {string | undefined} word
 * @param {readonly string[]} takes
 * @returns {Partial<Pick<Options, 'route' | 'when'>>}
 */
function afterTheName(kind, word, takes) {
  if (word === undefined || word === '') return {};
  const [, option = '', value] = /^(?:--)?([a-z]+)(?:=(.+))?$/.exec(word) ?? [];
  if (takes.includes(option) && (option !== 'when' || value)) return { [option]: value ?? true };
  const known = takes.map((each) => (each === 'when' ? 'when=<event>' : `${each}, or ${each}=<path>`));
  throw new Refusal(
    `"${word}" is not an option of nest g ${kind}. ${known.length ? `It takes ${known[0]}.` : ''}`.trim(),
  );
}

/** @param {string} name @param {readonly string[]} suffixes */
function withoutSuffix(name, suffixes) {
  const suffix = suffixes.find((each) => name.endsWith(`-${each}`));
  return suffix ? name.slice(0, -suffix.length - 1) : name;
}
