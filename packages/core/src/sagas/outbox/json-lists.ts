/** JavaScript and the databases limit the length of a text. In characters. */
const LONGEST_TEXT = 8 * 1024 * 1024;

/** The values as JSON arrays of limited length, so that each is the parameter of one statement. */
export function jsonLists(values: readonly object[]): string[] {
  const lists: string[] = [];
  let list: string[] = [];
  let length = 0;
  for (const value of values) {
    const text = JSON.stringify(value);
    if (length > 0 && length + text.length > LONGEST_TEXT) {
      lists.push(`[${list.join()}]`);
      list = [];
      length = 0;
    }
    list.push(text);
    length += text.length;
  }
  return [...lists, `[${list.join()}]`];
}
