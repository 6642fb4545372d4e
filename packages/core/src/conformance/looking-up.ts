import fc from 'fast-check';
import { type EventFilter, matches } from '../event-log/event-filter.js';
import type { EventLog } from '../event-log/event-log.js';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import { PARTITIONS } from '../event-log/partition.js';
import { seedOfRun } from '../testing/random.js';
import { aStream, anEvent, everythingAfter, times, toStream } from './samples.js';
import type { LogUnderTest } from './use-log.js';

const TYPES = ['samples.one', 'samples.two', 'samples.three'];
const CATEGORIES = ['order', 'orders', 'user'];
const ACTORS = ['anonymous', 'Anonymous', 'saga:orders.fulfilment', 'ann'];
const REQUESTS = times(5, (index) => `request-${index}`);

/** Leaves the value out in most cases, so that searches find something often enough. */
const sometimes = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 2, arbitrary });

const one = (values: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...values) },
    { weight: 1, arbitrary: fc.constantFrom('unknown', 'with \0') },
  );

/** For a log of a few thousand events. The comparison with the model also reads pages of one. */
const limits = fc.integer({ min: 25, max: 700 });

/** A position in the log whose time is used, and an offset in ms. */
const moment = fc.tuple(fc.nat(), fc.integer({ min: -1, max: 1 }));

/** At least an eighth of them: a log of few streams has nothing in a smaller part. */
const partitions = fc
  .tuple(fc.nat({ max: PARTITIONS - PARTITIONS / 8 }), fc.integer({ min: PARTITIONS / 8 - 1, max: PARTITIONS }))
  .map(([first, size]) => ({ first, last: Math.min(first + size, PARTITIONS - 1) }));

const plan = fc.record({
  types: sometimes(fc.array(one(TYPES), { maxLength: 2 })),
  category: sometimes(one(CATEGORIES)),
  actor: sometimes(one(ACTORS)),
  correlationId: sometimes(one(REQUESTS)),
  from: sometimes(moment),
  to: sometimes(moment),
  partitions: sometimes(partitions),
});

const NO_FILTER = {
  types: undefined,
  category: undefined,
  actor: undefined,
  correlationId: undefined,
  from: undefined,
  to: undefined,
  partitions: undefined,
};

/** Plans that find something in any run. */
const SURE: Partial<Plan>[] = [
  {},
  ...TYPES.map((type) => ({ types: [type] })),
  ...CATEGORIES.map((category) => ({ category })),
  ...ACTORS.map((actor) => ({ actor })),
  ...REQUESTS.map((correlationId) => ({ correlationId })),
  { from: [1_000, 0], types: TYPES.slice(0, 2) },
  { to: [1_000, 0], actor: ACTORS[0]! },
  ...[
    { first: 0, last: 511 },
    { first: 512, last: 1023 },
  ].flatMap((half) =>
    [{}, { types: TYPES.slice(0, 1) }, { types: TYPES.slice(0, 2) }].map((rest) => ({ ...rest, partitions: half })),
  ),
];

type Plan = typeof plan extends fc.Arbitrary<infer P> ? P : never;

export function describeLookingUp(test: LogUnderTest): void {
  let events: RecordedEvent[];

  beforeAll(async () => {
    for (let round = 0; round < 60; round++) await test.nodes[round % 4]!.append(someAppend(round));
    events = await everythingAfter(test.log, 0);
  });

  const momentAt = ([place, beside]: readonly [number, number]): Date =>
    new Date(events[place % events.length]!.recordedAt.getTime() + beside);

  const filterOf = ({ from, to, ...rest }: Plan): EventFilter => ({
    ...rest,
    ...(from && { from: momentAt(from) }),
    ...(to && { to: momentAt(to) }),
  });

  it('finds matching events, page by page', async () => {
    let found = 0;

    await fc.assert(
      fc.asyncProperty(plan, fc.nat({ max: 2_600 }), limits, async (each, after, limit) => {
        const filter = filterOf(each);
        const expected = events.filter((event) => event.position > after && matches(event, filter));
        found += expected.length > 0 ? 1 : 0;

        expect(placesOf(await allPages(test.log, filter, after, limit))).toEqual(placesOf(expected));
      }),
      { numRuns: 50, seed: seedOfRun(), examples: SURE.map((each) => [{ ...NO_FILTER, ...each }, 0, 100]) },
    );

    expect(found).toBeGreaterThanOrEqual(SURE.length);
  }, 60_000);

  it('finds them backwards, from the end or from a position, page by page', async () => {
    const start = fc.option(fc.integer({ min: 1, max: 2_600 }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(plan, start, limits, async (each, before, limit) => {
        const filter = filterOf(each);
        const expected = events.filter((event) => event.position < (before ?? Infinity) && matches(event, filter));

        expect(placesOf(await allPagesBackwards(test.log, filter, before, limit))).toEqual(
          placesOf(expected.toReversed()),
        );
      }),
      { numRuns: 40, seed: seedOfRun() },
    );
  }, 60_000);

  it('reports how far back it searched', async () => {
    const downTo = async (options: Parameters<EventLog['readBackwards']>[0]) =>
      (await test.log.readBackwards(options)).downTo;

    expect(await downTo({ limit: 10 })).toBe(events.length - 9);
    expect(await downTo({ limit: 10, before: 11 })).toBe(1);
    expect(await downTo({ limit: 10, before: 12 })).toBe(2);
    expect(await test.log.readBackwards({ limit: 10, before: 1 })).toEqual({ events: [], downTo: 1 });
    expect(await test.log.readBackwards({ limit: 10, actor: 'unknown' })).toEqual({ events: [], downTo: 1 });
    expect(await downTo({ limit: 3, before: Number.MAX_SAFE_INTEGER })).toBe(events.length - 2);
  });

  it('lists all streams', async () => {
    const listed = await test.log.listStreams({ limit: 10_000 });

    expect(listed.map(({ stream }) => stream)).toEqual([...new Set(events.map(({ stream }) => stream))].toSorted());
    expect(listed.reduce((sum, { version }) => sum + version, 0)).toBe(events.length);
    expect(Math.max(...listed.map(({ position }) => position))).toBe(events.length);
  });

  it('reports how far it searched, also if a time limits it', async () => {
    const head = events.length;
    const [first] = events;
    const slice = await test.log.readAll({ after: 0, limit: 10, to: new Date(first!.recordedAt.getTime() - 1) });

    expect(slice).toEqual({ events: [], upTo: head });
    expect(await test.log.readAll({ after: 0, limit: 10, actor: 'unknown', upTo: 7 })).toEqual({ events: [], upTo: 7 });
    const none = { after: 0, limit: 10, types: ['unknown'], category: 'order' };
    expect(await test.log.readAll(none)).toEqual({ events: [], upTo: head });
  });

  it('finds the last position at any moment', async () => {
    for (const { recordedAt } of [events[0]!, events[events.length >> 1]!, events.at(-1)!]) {
      for (const beside of [-1, 0, 1]) {
        const moment = new Date(recordedAt.getTime() + beside);
        const last = events.findLast((event) => event.recordedAt <= moment)?.position ?? 0;
        expect(await test.nodes[2]!.positionAt(moment)).toBe(last);
      }
    }
    expect(await test.log.positionAt(new Date(0))).toBe(0);
    expect(await test.log.positionAt(new Date('2999-01-01T00:00:00Z'))).toBe(events.length);
  });
}

/** More events of one actor and one type than one slice covers, and streams whose categories share a prefix. */
function someAppend(round: number): Parameters<EventLog['append']>[0] {
  const many = times(40, (index) =>
    anEvent({
      type: TYPES[(round + index) % (round % 2 === 0 ? 1 : TYPES.length)]!,
      metadata: {
        actor: ACTORS[round % 3 === 0 ? 0 : index % ACTORS.length]!,
        correlationId: REQUESTS[round % REQUESTS.length]!,
      },
    }),
  );
  return toStream(aStream(CATEGORIES[round % CATEGORIES.length]), ...many);
}

async function allPages(log: EventLog, filter: EventFilter, start: number, limit: number): Promise<RecordedEvent[]> {
  const found: RecordedEvent[] = [];
  for (let after = start; ;) {
    const { events, upTo } = await log.readAll({ after, limit, ...filter });
    found.push(...events);
    if (upTo === after) return found;
    after = upTo;
  }
}

async function allPagesBackwards(
  log: EventLog,
  filter: EventFilter,
  start: number | undefined,
  limit: number,
): Promise<RecordedEvent[]> {
  const found: RecordedEvent[] = [];
  for (let before = start; ;) {
    const { events, downTo } = await log.readBackwards({ limit, ...filter, ...(before !== undefined && { before }) });
    found.push(...events);
    if (downTo === 1) return found;
    before = downTo;
  }
}

function placesOf(events: readonly RecordedEvent[]): number[] {
  return events.map(({ position }) => position);
}
