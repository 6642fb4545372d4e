import type { EventQuery, TagQuery } from '../../events/event-query.js';
import type { EventFilter } from '../event-filter.js';
import { PARTITIONS } from '../partition.js';
import { InvalidReadError } from '../event-log.errors.js';
import type { ReadAllOptions, ReadBackwardsOptions, ReadStreamOptions, ReadTaggedOptions } from '../event-log.js';
import type { ListStreamsOptions } from '../stream-summary.js';
import { MOST_AT_ONCE, Rules } from './rules.js';

const rules: Rules = new Rules((message) => new InvalidReadError(message));

/** Each of these functions refuses a read that no log could answer, with an InvalidReadError. */
export function checkReadStream(stream: string, options: ReadStreamOptions): void {
  rules.stream(stream);
  rules.object('options', options);
  const { fromVersion, toVersion, until, backwards, limit } = options;
  if (fromVersion !== undefined) rules.wholeNumber('fromVersion', fromVersion, 1);
  // Version 0 is the version of a stream before its first event.
  if (toVersion !== undefined) rules.wholeNumber('toVersion', toVersion, 0);
  if (until !== undefined) rules.time('until', until);
  if (backwards !== undefined) rules.flag('backwards', backwards);
  if (limit !== undefined) rules.wholeNumber('limit', limit, 1);
}

export function checkReadAll(options: ReadAllOptions): void {
  rules.object('options', options);
  rules.position('after', options.after);
  if (options.upTo !== undefined) rules.position('upTo', options.upTo);
  rules.wholeNumber('limit', options.limit, 1, MOST_AT_ONCE);
  checkFilter(options);
}

export function checkReadBackwards(options: ReadBackwardsOptions): void {
  rules.object('options', options);
  if (options.before !== undefined) rules.wholeNumber('before', options.before, 1);
  rules.wholeNumber('limit', options.limit, 1, MOST_AT_ONCE);
  checkFilter(options);
}

export function checkListStreams(options: ListStreamsOptions): void {
  rules.object('options', options);
  const { category, prefix, after, limit } = options;
  if (category !== undefined) rules.category('category', category);
  if (prefix !== undefined) rules.label('prefix', prefix);
  if (after !== undefined) rules.stream(after);
  rules.wholeNumber('limit', limit, 1, MOST_AT_ONCE);
}

export function checkStream(stream: string): void {
  rules.stream(stream);
}

export function checkReadTagged(query: EventQuery | TagQuery, options: ReadTaggedOptions): void {
  rules.eventQuery(query);
  rules.object('options', options);
  const { after, upTo, backwards, limit } = options;
  if (after !== undefined) rules.position('after', after);
  if (upTo !== undefined) rules.position('upTo', upTo);
  if (backwards !== undefined) rules.flag('backwards', backwards);
  if (limit !== undefined) rules.wholeNumber('limit', limit, 1);
}

export function checkCommandId(commandId: string): void {
  rules.uuid('commandId', commandId);
}

export function checkEventIds(eventIds: readonly string[]): void {
  rules.list('eventIds', eventIds);
  if (eventIds.length > MOST_AT_ONCE) {
    rules.refuse(`There are ${eventIds.length} event ids, and may be ${MOST_AT_ONCE}. Ask in parts.`);
  }
  for (const id of eventIds) rules.uuid('An event id', id);
}

export function checkTime(time: Date): void {
  rules.time('time', time);
}

function checkFilter({ types, category, actor, correlationId, from, to, partitions }: EventFilter): void {
  if (types !== undefined) {
    rules.list('types', types);
    for (const type of types) rules.text('A type', type);
  }
  for (const [name, value] of Object.entries({ category, actor, correlationId })) {
    if (value !== undefined) rules.text(name, value);
  }
  if (from !== undefined) rules.time('from', from);
  if (to !== undefined) rules.time('to', to);
  if (partitions !== undefined) {
    rules.object('partitions', partitions);
    rules.wholeNumber('first', partitions.first, 0, PARTITIONS - 1, 'the partitions');
    rules.wholeNumber('last', partitions.last, partitions.first, PARTITIONS - 1, 'the partitions');
  }
}
