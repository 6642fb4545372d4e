import fc from 'fast-check';
import type { ExpectedVersion, ReadStreamOptions, ReadTaggedOptions } from '../event-log/event-log.js';

/** An append, described by the few streams, tags and command ids of a run. */
export interface AppendPlan {
  readonly streams: readonly {
    readonly stream: number;
    readonly expected: ExpectedVersion;
    readonly events: readonly { readonly type: string; readonly note: string; readonly tags: readonly number[] }[];
  }[];
  readonly command: { readonly id: number; readonly result: number } | undefined;
  readonly condition: (QueryPlan & { readonly sinceNow: boolean }) | undefined;
}

export interface QueryPlan {
  readonly items: readonly { readonly tags: readonly number[]; readonly types: readonly string[] | undefined }[];
}

/** Positions are counted from the start of the run. */
export interface SlicePlan {
  readonly after: number;
  readonly limit: number;
  readonly upTo: number | undefined;
  readonly types: readonly string[] | undefined;
}

/** How many command ids a run uses. */
export const COMMANDS = 12;
const TYPES = ['samples.one', 'samples.two', 'samples.three'];

const index = (count: number) => fc.nat({ max: count - 1 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const seldom = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
const types = fc.subarray(TYPES, { minLength: 1 });

const query: fc.Arbitrary<QueryPlan> = fc.record({
  items: fc.array(fc.record({ tags: fc.subarray([0, 1, 2]), types: maybe(types) }), { minLength: 1, maxLength: 3 }),
});

const event = fc.record({ type: fc.constantFrom(...TYPES), note: fc.string(), tags: fc.subarray([0, 1, 2]) });

const expected: fc.Arbitrary<ExpectedVersion> = fc.oneof(
  { weight: 3, arbitrary: fc.constant('any' as const) },
  { weight: 1, arbitrary: fc.constant('no-stream' as const) },
  { weight: 2, arbitrary: fc.constant('stream-exists' as const) },
  { weight: 3, arbitrary: fc.nat({ max: 6 }) },
);

const stream = fc.record({ stream: index(3), expected, events: fc.array(event, { maxLength: 3 }) });

export const appendPlan: fc.Arbitrary<AppendPlan> = fc
  .record({
    streams: fc.uniqueArray(stream, { maxLength: 3, selector: (each) => each.stream }),
    command: seldom(fc.record({ id: index(COMMANDS), result: fc.nat() })),
    condition: maybe(fc.tuple(query, fc.boolean()).map(([plan, sinceNow]) => ({ ...plan, sinceNow }))),
  })
  // An append with neither an event nor a command id is refused before it is sent.
  .filter(({ streams, command }) => command !== undefined || streams.some((each) => each.events.length > 0));

export const queryPlan = query;

export const slicePlan: fc.Arbitrary<SlicePlan> = fc.record({
  after: fc.nat({ max: 30 }),
  limit: fc.integer({ min: 1, max: 20 }),
  upTo: maybe(fc.nat({ max: 40 })),
  types: maybe(types),
});

export const taggedOptions: fc.Arbitrary<ReadTaggedOptions> = fc.record(
  {
    after: fc.nat({ max: 30 }),
    upTo: fc.nat({ max: 40 }),
    backwards: fc.boolean(),
    limit: fc.integer({ min: 1, max: 8 }),
  },
  { requiredKeys: [] },
);

export const streamOptions: fc.Arbitrary<Omit<ReadStreamOptions, 'until'>> = fc.record(
  {
    fromVersion: fc.integer({ min: 1, max: 12 }),
    toVersion: fc.nat({ max: 12 }),
    backwards: fc.boolean(),
    limit: fc.integer({ min: 1, max: 8 }),
  },
  { requiredKeys: [] },
);
