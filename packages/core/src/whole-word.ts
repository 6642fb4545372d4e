/** Letters of scripts without blanks between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Matches a text, in any case, where it is not part of a longer word. In scripts without blanks it matches everywhere. */
export function wholeWord(text: string, { openEnd = false } = {}): RegExp {
  const [before, after] = [text.at(0)!, text.at(-1)!].map((edge) => !UNSPACED.test(edge));
  const escaped = text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  return new RegExp(
    `${before ? String.raw`(?<![\p{L}\p{N}])` : ''}${escaped}${after && !openEnd ? String.raw`(?![\p{L}\p{N}])` : ''}`,
    'giu',
  );
}
