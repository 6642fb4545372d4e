import { validate as isUuid } from 'uuid';
import { isCategory, streamNameFlaw } from '../stream-name.js';

/** The most events, or other items, that one call of the log accepts or returns. */
export const MOST_AT_ONCE = 10_000;
/** The most items of a query. */
const MOST_ITEMS = 100;
/** Form of a stored event type. */
export const TYPE = /^[\x21-\x7e]{1,200}$/;
const LONGEST_SHOWN = 60;
/** Most labels, judged without Unicode's tables. */
const PLAIN = /^[\x20-\x7e]{1,255}$/;
const PRINTABLE = /^[^\p{Cc}\p{Cs}]{1,255}$/u;

/**
 * Rules for the arguments of the event log. The messages say what is wrong and what to pass. They are built only when
 * something is wrong, because every append is checked.
 */
export class Rules {
  /** @param makeError makes the error of the call that is checked */
  constructor(private readonly makeError: (message: string) => Error) {}

  refuse(message: string): never {
    throw this.makeError(message);
  }

  /** @param about what has the property `name`, where the message needs it; the same below */
  object(name: string, value: unknown, about?: string): void {
    if (typeof value !== 'object' || value === null) this.refuse(`${is(name, value, about)}. Give an object.`);
  }

  list(name: string, value: unknown, about?: string): asserts value is readonly unknown[] {
    if (!Array.isArray(value)) this.refuse(`${is(name, value, about)}. Give a list.`);
  }

  wholeNumber(name: string, value: unknown, from: number, to = Number.MAX_SAFE_INTEGER, about?: string): void {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= from && value <= to) return;
    this.refuse(`${is(name, value, about)}. Give a whole number from ${from} to ${to}.`);
  }

  /** A position, or 0 for the beginning of the log. */
  position(name: string, value: unknown): void {
    this.wholeNumber(name, value, 0);
  }

  time(name: string, value: unknown): void {
    if (value instanceof Date && !Number.isNaN(value.getTime())) return;
    this.refuse(`${name} is ${shown(value)}. Give a valid Date.`);
  }

  flag(name: string, value: unknown): void {
    if (typeof value !== 'boolean') this.refuse(`${name} is ${shown(value)}. Give true or false.`);
  }

  text(name: string, value: unknown): asserts value is string {
    if (typeof value !== 'string') this.refuse(`${name} is ${shown(value)}. Give a string.`);
  }

  /** Text for a column of its own, where PostgreSQL refuses a NUL. */
  label(name: string, value: unknown, about?: string): void {
    if (typeof value === 'string' && (PLAIN.test(value) || PRINTABLE.test(value))) return;
    this.refuse(`${is(name, value, about)}. Give 1 to 255 printable characters.`);
  }

  uuid(name: string, value: unknown, about?: string): void {
    if (!isUuid(value)) this.refuse(`${is(name, value, about)}. Give a UUID.`);
  }

  stream(value: unknown): void {
    const flaw = streamNameFlaw(value);
    if (flaw) this.refuse(`${shown(value)} is no stream name: ${flaw}. Write <category>-<id>.`);
  }

  category(name: string, value: unknown): void {
    if (!isCategory(value)) this.refuse(`${name} is ${shown(value)}. Give ASCII letters, digits and underscores.`);
  }

  eventQuery(query: unknown): void {
    this.object('The query', query);
    if (!('items' in (query as object)) && 'tags' in (query as object)) {
      const { tags } = query as { tags: unknown };
      this.list('tags of the query', tags);
      if (tags.length === 0) this.refuse('The query has no tag. Give at least one.');
      this.queryItem(query);
      return;
    }
    const { items } = query as { items: unknown };
    this.list('items of the query', items);
    if (items.length === 0)
      this.refuse('The query has no item, which matches nothing. Give [{}] to match every event.');
    if (items.length > MOST_ITEMS) {
      this.refuse(
        `The query has ${items.length} items, and may have ${MOST_ITEMS}. Tag the events with what these have in common.`,
      );
    }
    for (const item of items) this.queryItem(item);
  }

  private queryItem(item: unknown): void {
    this.object('An item of the query', item);
    const { tags, types } = item as { tags: unknown; types: unknown };
    if (tags !== undefined) {
      this.list('tags of the query', tags);
      for (const tag of tags) this.tag(tag);
    }
    if (types === undefined) return;
    this.list('types of the query', types);
    if (types.length === 0) {
      this.refuse('The query has an empty list of types, which matches nothing. Leave types out to mean all.');
    }
    for (const type of types) this.label('A type of the query', type);
  }

  tag(tag: unknown): void {
    this.object('A tag', tag);
    const { name, value, exact } = tag as { name: unknown; value: unknown; exact: unknown };
    this.label('The name of a tag', name);
    this.text('The value of a tag', value);
    if (exact !== undefined) this.flag('exact of a tag', exact);
  }
}

function is(name: string, value: unknown, about: string | undefined): string {
  return `${about === undefined ? '' : `${about}: `}${name} is ${shown(value)}`;
}

/** A value as shown in an error message. */
export function shown(value: unknown): string {
  if (typeof value === 'string') {
    return value.length > LONGEST_SHOWN ? `${JSON.stringify(value.slice(0, LONGEST_SHOWN))}...` : JSON.stringify(value);
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid Date' : value.toISOString();
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'function' ? 'a function' : String(value);
}
