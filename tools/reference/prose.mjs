/**
 * @typedef {import('typedoc').Comment} Comment
 * @typedef {ReadonlySet<string>} Names those that stand on the page
 */

/**
 * The text of a docstring, with links to what stands on the page.
 * @param {Comment | undefined} comment
 * @param {Names} names
 */
export function summaryOf(comment, names) {
  return textOf(comment?.summary ?? [], names);
}

/**
 * @param {Comment | undefined} comment
 * @param {import('typedoc').TagString} tag
 * @param {Names} names
 */
export function tagsOf(comment, tag, names) {
  return (comment?.blockTags ?? []).filter((each) => each.tag === tag).map(({ content }) => textOf(content, names));
}

/**
 * What it throws; names of errors are spelled as they are in docstrings, without backticks.
 * @param {Comment | undefined} comment
 * @param {Names} names
 */
export function throwsOf(comment, names) {
  return tagsOf(comment, '@throws', names).map((sentence) =>
    sentence.replace(/(?<![\w`[])[A-Z]\w*Error\b(?![`\]])/g, (name) => mention(name, names)),
  );
}

/**
 * @param {string} name
 * @param {Names} names
 */
export function mention(name, names) {
  return names.has(name) ? `[\`${name}\`](#${name.toLowerCase()})` : `\`${name}\``;
}

/**
 * A type, with links to what it is made of.
 * @param {string} type
 * @param {Names} names
 */
export function typeWithLinks(type, names) {
  const mentioned = [...new Set(type.match(/\b[A-Z]\w*/g) ?? [])].filter((name) => names.has(name));
  if (mentioned.includes(type)) return mention(type, names);
  const code = `\`${cell(type)}\``;
  return mentioned.length > 0 ? `${code} (${mentioned.map((name) => mention(name, names)).join(', ')})` : code;
}

/**
 * What may stand in a cell of a table.
 * @param {string} text
 */
export function cell(text) {
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|');
}

/**
 * @param {readonly import('typedoc').CommentDisplayPart[]} parts
 * @param {Names} names
 */
function textOf(parts, names) {
  return parts
    .map(({ kind, text }) => {
      const [, decorator = '', name] = (kind === 'code' && /^`(@?)(\w+)`$/.exec(text)) || [];
      return name && names.has(name) ? `[\`${decorator}${name}\`](#${name.toLowerCase()})` : text;
    })
    .join('')
    .replace(/\s+/g, ' ')
    .trim();
}
