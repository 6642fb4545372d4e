import { format, resolveConfig } from 'prettier';
import { relative } from 'node:path';
import { ReflectionKind } from 'typedoc';
import { commentOf, describe } from './describe.mjs';
import { isError } from './members.mjs';
import { mention } from './prose.mjs';
import { topicOf } from './page-plan.mjs';

/** @typedef {import('./convert.mjs').Described} Described */

const ORIGIN = 'This page is made from the docstrings: change those, and run `npm run docs:reference`.';

/**
 * @param {readonly Described[]} all
 * @param {import('./page-plan.mjs').PagePlan} plan with the absolute path of its folder
 */
export async function page(all, plan) {
  refuseUndocumented(all);
  const names = new Set(all.map(({ declaration }) => declaration.name));
  const pathOf = (/** @type {Described} */ { file }) =>
    relative(plan.folder, file).replaceAll('\\', '/').replace(/\.ts$/, '');
  const topicOfEach = new Map(all.map((each) => [each, topicOf(plan, pathOf(each))]));
  const parts = [plan.introduction, ORIGIN];
  const sections = plan.topics.flatMap((topic) => {
    const described = all.filter((each) => topicOfEach.get(each) === topic).toSorted(inReadingOrder);
    return described.length > 0 ? [{ topic, described }] : [];
  });
  parts.push(sections.map(({ topic: { title } }) => `- [${title}](#${anchor(title)})`).join('\n'));
  for (const { topic, described } of sections) {
    const list = described.filter((each) => each.isExported).map(({ declaration: { name } }) => mention(name, names));
    parts.push(`## ${topic.title}`, topic.about, list.join(' · '));
    for (const each of described) parts.push(await describe(each, names));
  }
  const config = await resolveConfig(import.meta.filename);
  return format(parts.join('\n\n'), { ...config, parser: 'markdown' });
}

/** @param {readonly Described[]} all */
function refuseUndocumented(all) {
  const bare = all
    .filter(({ declaration }) => !commentOf(declaration)?.summary.length)
    .map(({ declaration }) => declaration.name);
  if (bare.length === 0) return;
  throw new Error(`No docstring says what these are: ${bare.join(', ')}. Write one, a sentence or two, above each.`);
}

/**
 * What is used comes first, then the types that it takes, then errors; each by name.
 * @param {Described} a
 * @param {Described} b
 */
function inReadingOrder(a, b) {
  const difference = rank(a) - rank(b);
  if (difference !== 0) return difference;
  return a.declaration.name.toLowerCase() < b.declaration.name.toLowerCase() ? -1 : 1;
}

/** @param {Described} described */
function rank({ declaration, isExported }) {
  if (isError(declaration)) return 2;
  const isType = declaration.kindOf([ReflectionKind.Interface, ReflectionKind.TypeAlias]);
  return isType || !isExported ? 1 : 0;
}

/** @param {string} title */
function anchor(title) {
  return title
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-');
}
