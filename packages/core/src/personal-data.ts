import { wholeWord } from './whole-word.js';

/** A source of personal data that an error may quote: an event, or the body of a request. */
export interface QuotedSource {
  readonly data: unknown;
  /** Fields that are declared personal: their values are removed also where they are short, dates or numbers. */
  readonly personalFields?: readonly { readonly value: unknown }[];
  /** The stream's name contains an id, which is kept. */
  readonly stream?: string;
}

/** Matches e-mail addresses in any alphabet, also in a path, and URLs with a password. */
const ADDRESS = /[^\s<>"'`,;:()[\]{}=/]+(?:@|%40)[^\s<>"'`,;:()[\]{}=/]+/giu;
/** Patterns in which databases and parsers quote values. The beginning and the end of the match are kept. */
const QUOTES: readonly [form: RegExp, instead: string][] = [
  [
    /(Key \(.{1,300}?\)=)\(.*?\)(?= already exists| is not present| conflicts with| is still referenced|$)/gms,
    '$1([data])',
  ],
  [/(Failing row contains )\(.*\)/gs, '$1([data])'],
  [/(invalid input (?:syntax|value) for [\w ]+: )".*"/gs, '$1"[data]"'],
  [/(date\/time field value out of range: )".*"/gs, '$1"[data]"'],
  [/(value )".*"(?= is out of range for type)/gs, '$1"[data]"'],
  [/(Unexpected [^\n]*?, |^)(?:\.{3})?".*"(?:\.{3})?(?= is not valid JSON)/gms, '$1[data]'],
];
/** Ids, times and numbers are harmless by themselves, and help an operator. */
const HARMLESS = /^(?:[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|\d{4}-\d\d-\d\d(?:T[\d:.]+Z)?|[\d.+-]+)$/i;
/** Of personal fields, only these are harmless: ids, and numbers that are in too many texts. */
const HARMLESS_OF_PEOPLE = /^(?:[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|[\d.+-]{1,2})$/i;
/** In characters. Shorter texts occur in too many other words. */
const SHORTEST = 3;
/** In characters. Errors quote the beginning of a long text. */
const BEGINNING = 24;
/** The most texts to search for. */
const MOST = 5_000;
const DEEPEST = 20;

/**
 * Removes personal data from a text for the log, for `lastError` and for dead letters: e-mail addresses, values that a
 * database or a parser quotes, and every text that occurs in `sources`. The kind of error stays recognizable: its
 * wording, its code, the names of constraints and columns. A value that was changed before it was quoted is not found.
 */
export function withoutPersonalData(text: string, ...sources: readonly QuotedSource[]): string {
  let plain = text;
  for (const [form, instead] of QUOTES) plain = plain.replace(form, instead);
  if (/@|%40/.test(plain)) plain = plain.replaceAll(ADDRESS, '[address]');
  const values = valuesOf(sources).filter((value) => containsText(plain, value));
  // Longest first, because one value may be part of another.
  values.sort((one, other) => other.length - one.length);
  for (const value of values) {
    plain = plain.replaceAll(wholeWord(value, { openEnd: value.length === BEGINNING }), '[data]');
  }
  return plain;
}

function valuesOf(sources: readonly QuotedSource[]): string[] {
  const found = new Set<string>();
  for (const { data, stream = '', personalFields = [] } of sources) {
    collect(data, mayBePersonal, found, 0);
    found.delete(stream.slice(stream.indexOf('-') + 1));
    for (const { value } of personalFields) collect(value, isOfPeople, found, 0);
  }
  return [...found].flatMap((value) => {
    const quoted = JSON.stringify(value).slice(1, -1);
    const forms = quoted === value ? [value] : [value, quoted];
    return value.length > BEGINNING ? [...forms, value.slice(0, BEGINNING)] : forms;
  });
}

function collect(value: unknown, isSought: (text: string) => boolean, found: Set<string>, depth: number): void {
  if (found.size >= MOST || depth > DEEPEST) return;
  if (typeof value === 'string' || typeof value === 'number') {
    const text = String(value).trim();
    if (isSought(text)) found.add(text);
  } else if (typeof value === 'object' && value !== null) {
    for (const each of Object.values(value)) collect(each, isSought, found, depth + 1);
  }
}

function mayBePersonal(text: string): boolean {
  return text.length >= SHORTEST && !HARMLESS.test(text);
}

function isOfPeople(text: string): boolean {
  return text !== '' && !HARMLESS_OF_PEOPLE.test(text);
}

const containsText = (text: string, value: string): boolean => text.toLowerCase().includes(value.toLowerCase());
