/** Longest name of a stream, in UTF-16 code units. */
export const LONGEST_STREAM_NAME = 255;

/** Most names, judged without Unicode's tables. */
const PLAIN_NAME = /^[A-Za-z0-9_]+-[\x20-\x7e]+$/;
const NAME = /^[A-Za-z0-9_]+-[^\p{Cc}\p{Cs}]+$/u;
const CATEGORY = /^[A-Za-z0-9_]+$/;
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

/** Whether a string is a valid category: ASCII letters, digits and underscores, at least one. Case-sensitive. */
export function isCategory(category: unknown): boolean {
  return typeof category === 'string' && CATEGORY.test(category) && category.length <= LONGEST_STREAM_NAME - 2;
}

/** Whether a string is a valid stream name; see `StreamAppend` for the rule. */
export function isStreamName(stream: unknown): boolean {
  return streamNameFlaw(stream) === undefined;
}

/** What is wrong with a stream name, as the end of a sentence; undefined when it is valid. */
export function streamNameFlaw(stream: unknown): string | undefined {
  if (typeof stream !== 'string') {
    return `it is ${stream === null ? 'null' : `of type ${typeof stream}`}, and not a string`;
  }
  if (stream.length > LONGEST_STREAM_NAME) {
    return `it has ${stream.length} characters, and may have ${LONGEST_STREAM_NAME}`;
  }
  return PLAIN_NAME.test(stream) || NAME.test(stream) ? undefined : flawIn(stream);
}

function flawIn(stream: string): string {
  const hyphen = stream.indexOf('-');
  if (hyphen < 0) return 'it has no hyphen between category and id';
  if (hyphen === 0) return 'there is nothing before the first hyphen, where the category belongs';
  const category = stream.slice(0, hyphen);
  const odd = /[^A-Za-z0-9_]/u.exec(category);
  if (odd) {
    const found = `its category ${JSON.stringify(category)} has ${codePoint(odd[0])}`;
    return `${found}, and may have letters from a to z, digits and underscores`;
  }
  if (hyphen === stream.length - 1) return 'there is nothing after the first hyphen, where the id belongs';
  const unprintable = UNPRINTABLE.exec(stream)!;
  const place = `character ${unprintable.index + 1} of the name`;
  return `its id has ${codePoint(unprintable[0])} at ${place}, which is not printable`;
}

/** The part of a stream's name before the first hyphen. */
export function categoryOf(stream: string): string {
  const end = stream.indexOf('-');
  return end < 0 ? stream : stream.slice(0, end);
}

function codePoint(character: string): string {
  const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  return UNPRINTABLE.test(character) ? `U+${code}` : `"${character}"`;
}
