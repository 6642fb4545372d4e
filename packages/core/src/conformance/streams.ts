import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import type { EventLog } from '../event-log/event-log.js';
import type { ListStreamsOptions, StreamSummary } from '../event-log/stream-summary.js';
import { seedOfRun } from '../testing/random.js';
import { aStream, all, someEvents, toStream } from './samples.js';
import type { LogUnderTest } from './use-log.js';

/** Includes characters whose order in UTF-8 differs from their order in UTF-16. */
const IDS = [
  '1',
  '10',
  '2',
  'a',
  'A',
  'b-1',
  'b-2',
  'é',
  'e\u0301',
  '\ud7ff',
  '\ue000',
  '\uffff',
  '😀',
  '\u{10ffff}',
  ' ',
];

export function describeStreams(test: LogUnderTest): void {
  /** Three categories with a common prefix that no other test uses. */
  const word = `Streams_${randomBytes(4).toString('hex')}`;
  const categories = [word, `${word}_`, `${word}2`];
  const names = categories.flatMap((category) => IDS.map((id) => `${category}-${id}`)).toSorted(byBytes);

  beforeAll(async () => {
    for (const [index, stream] of names.toReversed().entries()) {
      await test.nodes[index % 4]!.append(toStream(stream, ...someEvents(1 + (index % 3))));
    }
    await test.log.append(toStream(names[4]!, ...someEvents(2)));
  });

  const namesOf = async (options: ListStreamsOptions): Promise<string[]> =>
    (await test.nodes[1]!.listStreams(options)).map((each) => each.stream);

  it('are listed by name, each with its versions, positions and times', async () => {
    const listed = await test.log.listStreams({ prefix: word, limit: 1_000 });

    expect(listed.map(({ stream }) => stream)).toEqual(names);
    expect(listed).toEqual(await Promise.all(names.map((stream) => summaryFromEvents(test.log, stream))));
  });

  it('are found by name', async () => {
    for (const stream of names.slice(2, 6)) {
      expect(await test.nodes[3]!.findStream(stream)).toEqual(await summaryFromEvents(test.log, stream));
    }
    expect(await test.log.findStream(aStream())).toBeUndefined();
    expect(await test.log.findStream(`${word}-absent`)).toBeUndefined();
  });

  it.each(['1', '10', 'b', 'e', '\ud7ff', '\uffff', '\u{10ffff}', 'absent'])(
    'are listed by the prefix %j',
    async (id) => {
      for (const category of categories) {
        const prefix = `${category}-${id}`;
        expect(await namesOf({ prefix, limit: 1_000 })).toEqual(names.filter((name) => name.startsWith(prefix)));
      }
    },
  );

  it('are listed by category', async () => {
    for (const category of categories) {
      const expected = names.filter((name) => name.startsWith(`${category}-`));
      expect(expected).toHaveLength(IDS.length);
      expect(await namesOf({ category, limit: 1_000 })).toEqual(expected);
      expect(await namesOf({ category, prefix: word, limit: 1_000 })).toEqual(expected);
      expect(await namesOf({ category, prefix: `${category}-b`, limit: 1_000 })).toHaveLength(2);
      expect(await namesOf({ category, prefix: 'another', limit: 1_000 })).toEqual([]);
    }
    expect(await namesOf({ category: word.toLowerCase(), limit: 1_000 })).toEqual([]);
  });

  it('come in pages', async () => {
    const prefixes = [word, `${word}-`, `${word}-b`];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...prefixes), fc.integer({ min: 1, max: 20 }), async (prefix, limit) => {
        const found: string[] = [];
        for (let after: string | undefined; ;) {
          const page = await namesOf({ prefix, limit, ...(after !== undefined && { after }) });
          expect(page.length).toBeLessThanOrEqual(limit);
          found.push(...page);
          if (page.length < limit) break;
          after = page.at(-1);
        }
        expect(found).toEqual(names.filter((name) => name.startsWith(prefix)));
      }),
      { numRuns: 20, seed: seedOfRun() },
    );
  });

  it('continue after any name, even if no stream has it', async () => {
    const [first] = names;
    for (const after of [`${word}-\u{1f5ff}`, `A-1`, `zz-1`, first!]) {
      const expected = names.filter((name) => byBytes(name, after) > 0);
      expect(await namesOf({ prefix: word, after, limit: 1_000 })).toEqual(expected);
    }
  });
}

async function summaryFromEvents(log: EventLog, stream: string): Promise<StreamSummary> {
  const events = await all(log.readStream(stream));
  const { version, position, recordedAt } = events.at(-1)!;
  return { stream, version, position, firstRecordedAt: events[0]!.recordedAt, lastRecordedAt: recordedAt };
}

function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
