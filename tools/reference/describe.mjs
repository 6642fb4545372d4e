import { ReflectionKind } from 'typedoc';
import { callOf, codeOf, codeOfMember, typeParametersOf } from './code.mjs';
import { isError, shownMembers } from './members.mjs';
import { cell, mention, summaryOf, tagsOf, throwsOf, typeWithLinks } from './prose.mjs';

/**
 * @typedef {import('typedoc').DeclarationReflection} Declaration
 * @typedef {import('./prose.mjs').Names} Names
 */

/**
 * Everything that the page says of one name.
 * @param {import('./convert.mjs').Described} described
 * @param {Names} names
 */
export async function describe({ declaration, isExported }, names) {
  const comment = commentOf(declaration);
  const members = shownMembers(declaration);
  const methods = members.filter(({ signatures }) => signatures);
  const isInterface = declaration.kind === ReflectionKind.Interface;
  const code = await codeOf(declaration);
  const parts = [`### ${declaration.name}`, code ? fence(code) : '', kindOf(declaration, isExported, names)];
  parts.push(summaryOf(comment, names), ...callDetails(declaration, names), ...seeAlso(declaration, names));
  if (isError(declaration)) parts.push(...answerOf(members));
  const rows = members.filter((each) => (isInterface || !each.signatures) && !isAnswer(declaration, each));
  if (rows.length > 0) parts.push(table(rows, names));
  if (!isInterface) for (const method of methods) parts.push(...(await describeMethod(declaration, method, names)));
  return parts.filter((part) => part !== '').join('\n\n');
}

/**
 * @param {Declaration} declaration
 * @param {boolean} isExported
 * @param {Names} names
 */
function kindOf({ kind, flags, name, typeParameters, extendedTypes = [] }, isExported, names) {
  const generic = typeParameters ? ` \`${name}${typeParametersOf(typeParameters)}\`` : '';
  const parents = extendedTypes.map((type) => ` extends ${mention(String(type), names)}`).join(',');
  const words = [];
  if (kind === ReflectionKind.Interface) words.push(`Interface${generic}${parents}`);
  if (kind === ReflectionKind.Class) words.push(`${flags.isAbstract ? 'Abstract class' : 'Class'}${generic}${parents}`);
  if (!isExported)
    words.push(words.length > 0 ? 'not exported: signatures name it' : 'Not exported: signatures name it');
  return words.length > 0 ? `_${words.join('; ')}_` : '';
}

/** @param {Declaration} declaration */
export function commentOf({ comment, signatures, getSignature }) {
  return comment ?? signatures?.[0]?.comment ?? getSignature?.comment;
}

/**
 * @param {Declaration} owner
 * @param {Declaration} method
 * @param {Names} names
 */
async function describeMethod(owner, method, names) {
  const title = method.kind === ReflectionKind.Constructor ? `new ${owner.name}` : `${owner.name}.${method.name}`;
  return [
    `#### ${title}`,
    fence(await codeOfMember(method)),
    summaryOf(commentOf(method), names),
    ...callDetails(method, names),
    ...seeAlso(method, names),
  ];
}

/**
 * What a docstring says of parameters, the answer, and errors.
 * @param {Declaration} declaration
 * @param {Names} names
 */
function callDetails(declaration, names) {
  const comment = commentOf(declaration);
  const parameters = (declaration.signatures?.[0]?.parameters ?? []).flatMap((each) =>
    each.comment ? [`- \`${each.name}\`: ${summaryOf(each.comment, names)}`] : [],
  );
  const returns = tagsOf(comment, '@returns', names).map((text) => `Answers ${text}.`);
  const errors = throwsOf(comment, names).map((text) => `- ${text}`);
  return [
    parameters.join('\n'),
    ...returns,
    errors.length === 1 ? `Throws: ${errors[0]?.slice(2)}` : errors.length > 1 ? `Throws:\n\n${errors.join('\n')}` : '',
  ];
}

/**
 * Code can't link, so the names in it are linked below it.
 * @param {Declaration} declaration
 * @param {Names} names
 */
function seeAlso(declaration, names) {
  const { signatures = [], type, typeParameters, name } = declaration;
  const code = [...signatures.map((each) => callOf(each, '')), typeParametersOf(typeParameters), type ?? ''].join(' ');
  const types = new Set([...code.matchAll(/(?<!['\w])[A-Z]\w*/g)].map(([found]) => found));
  const known = [...types].filter((each) => names.has(each) && each !== name && each !== declaration.parent?.name);
  return known.length > 0 ? [`See ${known.map((each) => mention(each, names)).join(', ')}.`] : [];
}

const ANSWER = ['code', 'kind', 'retryAfter'];

/**
 * @param {Declaration} owner
 * @param {Declaration} member
 */
function isAnswer(owner, member) {
  return isError(owner) && !owner.flags.isAbstract && ANSWER.includes(member.name);
}

/**
 * How an expected error is answered.
 * @param {readonly Declaration[]} members
 */
function answerOf(members) {
  const values = ANSWER.map((name) =>
    members
      .find((each) => each.name === name)
      ?.type?.toString()
      .replaceAll('"', ''),
  );
  const [code, kind, retryAfter] = values;
  if (!code || code === 'string') return [];
  return [`Code \`${code}\`, kind \`${kind}\`${retryAfter ? `, to be tried again after ${retryAfter} s` : ''}.`];
}

/**
 * @param {readonly Declaration[]} members
 * @param {Names} names
 */
function table(members, names) {
  const rows = members.map((member) => {
    const { name, flags, signatures, getSignature, type } = member;
    const [signature] = signatures ?? [];
    const what = signature ? callOf(signature, name) : `${name}${flags.isOptional ? '?' : ''}`;
    const itsType = signature ? undefined : String(type ?? getSignature?.type).replaceAll('"', "'");
    const errors = throwsOf(commentOf(member), names).map((text) => ` Throws: ${text}`);
    const text = summaryOf(commentOf(member), names) + errors.join('');
    const cells = [
      `\`${cell(what)}\``,
      itsType ? typeWithLinks(itsType, names) : '',
      cell(text.replace(/^[a-z]/, (first) => first.toUpperCase())),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return ['| Member | Type | What it is |', '| --- | --- | --- |', ...rows].join('\n');
}

/** @param {string} code */
function fence(code) {
  return `\`\`\`ts\n${code}\n\`\`\``;
}
