import { generator } from '../project/generator.js';
import { featuresOf } from '../project/features.js';
import { registerInApp } from '../project/modules.js';
import { Refusal } from '../project/refusal.js';
import { requestOf } from '../project/request.js';
import { refuseKeyword } from '../project/reserved-words.js';
import { capitalised, pascal, plural, singular, spaced } from '../project/words.js';

/** Generates a folder in `src` with a module: `nest g feature returns`. */
export const feature = generator(read, (tree, { feature: spelled }) => {
  const name = plural(spelled);
  refuseKeyword(name);
  /** @type {string[]} */
  const folders = tree.getDir('src').subdirs;
  const taken = [name, singular(name)].find((each) => folders.includes(each));
  if (taken) {
    const known = featuresOf(tree).includes(taken)
      ? `There is a feature ${taken} already`
      : `src/${taken} is no feature`;
    throw new Refusal(`${known}: choose another name.`);
  }
  registerInApp(tree, `${pascal(name)}Module`, `${name}/${name}.module.js`);
  return {
    values: { at: name, moduleClass: `${pascal(name)}Module`, title: capitalised(spaced(name)) },
    next: [`npx nest g aggregate ${name}/${singular(name)}`],
  };
});

/** @param {import('../project/request.js').Options} options */
function read(options) {
  const name = (options.name ?? '')
    .trim()
    .replace(/^(\.?\/)?(src\/)?/, '')
    .replace(/\/$/, '');
  if (name.includes('/'))
    throw new Refusal('A feature is a folder directly in src, so its name has no slash: npx nest g feature returns');
  return requestOf('feature', { ...options, name: name && `${name}/${name}` }, { example: 'returns', suffixes: [] });
}
