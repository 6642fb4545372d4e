import type { EventSerializer } from '../../event-log/event-serializer.js';
import { UnreadableFieldError } from '../../personal-data/decrypt-fields.js';
import type { IncomingEvent } from './incoming-event.js';
import { type LogState, planBatch, type PlanRules } from './plan-batch.js';
import type { StoredEvent } from './stored-event.js';

const NOW = 1_800_000_000_000;
const ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const OTHER_ID = '01890a5d-ac96-774b-bcce-b302099a8058';

const LOG: LogState = {
  head: 4,
  recordedAt: 1_000,
  now: NOW,
  stored: new Map(),
  versions: new Map([['order-1', 2]]),
  closed: new Set(),
};
const RULES: PlanRules = {
  keepsPositions: true,
  tagKey: Buffer.alloc(32),
  serializer: { tagsOf: () => [{ name: 'order', value: '1' }] } as unknown as EventSerializer,
};
const ONTO = { ...RULES, keepsPositions: false };

const anEvent = (changes: Partial<IncomingEvent> = {}): IncomingEvent => ({
  line: 7,
  position: 5,
  id: ID,
  stream: 'order-1',
  version: 3,
  type: 'orders.placed',
  typeVersion: 1,
  recordedAt: 2_000,
  actor: 'ann',
  correlationId: 'c',
  data: '{}',
  metadata: '{"custom":{"note":1}}',
  closes: false,
  ...changes,
});
const next = (changes: Partial<IncomingEvent> = {}) =>
  anEvent({ line: 8, position: 6, id: OTHER_ID, version: 4, ...changes });

const STORED: StoredEvent = { ...anEvent(), position: 3, version: 2 };

it('keeps positions, versions and times, and seals tags anew', () => {
  const { events, tags, skipped } = planBatch([anEvent(), next()], LOG, RULES);
  expect(events).toEqual([anEvent(), next()]);
  expect(tags.map(({ position }) => position)).toEqual([5, 6]);
  expect(skipped).toBe(0);
});

it('gives new positions, and next versions where the file has none', () => {
  const lines = [anEvent({ position: 90 }), next({ position: undefined, version: undefined })];
  const { events } = planBatch(lines, LOG, ONTO);
  expect(events).toMatchObject([
    { position: 5, version: 3 },
    { position: 6, version: 4 },
  ]);
});

it('skips what is stored, and what the batch has twice', () => {
  const stored = new Map([[ID, STORED]]);
  const lines = [
    anEvent({ position: 3, version: 2 }),
    next({ position: 5, version: 3 }),
    next({ position: 5, version: 3 }),
  ];
  expect(planBatch(lines, { ...LOG, stored }, RULES)).toMatchObject({ skipped: 2, events: [{ position: 5 }] });
});

it('moves a time that would decrease to that of the event before, and keeps it in the metadata', () => {
  const { events, laterTimes } = planBatch([anEvent({ recordedAt: 500 })], LOG, ONTO);
  expect(laterTimes).toBe(1);
  expect(events[0]).toMatchObject({ recordedAt: 1_000 });
  expect(JSON.parse(events[0]!.metadata)).toEqual({ custom: { note: 1, recordedAt: '1970-01-01T00:00:00.500Z' } });
});

it('closes a stream', () => {
  const { tags } = planBatch([anEvent({ closes: true })], LOG, RULES);
  expect(tags).toContainEqual({ tag: 'closed order-1', position: 5 });
  expect(() => planBatch([anEvent({ closes: true }), next()], LOG, RULES)).toThrow(
    'Line 8: the stream order-1 is closed',
  );
});

it.each<[string, Partial<IncomingEvent>, PlanRules, string]>([
  ['a gap of positions', { position: 6 }, RULES, 'position 6 follows, and the log ends at 4'],
  ['another event at a position', { position: 4 }, RULES, 'position 4 of this log has another event'],
  ['a version that the log has', { version: 2 }, ONTO, 'The log has other events there'],
  ['a version too far on', { version: 5 }, ONTO, 'Import the file with the events before first'],
  ['a time before the last one', { recordedAt: 999 }, RULES, 'recorded before the one before it'],
  ['a time in the future', { recordedAt: NOW + 61_000 }, ONTO, 'is in the future'],
])('refuses %s, and names the line', (_what, changes, rules, message) => {
  expect(() => planBatch([anEvent(changes)], LOG, rules)).toThrow(message);
  expect(() => planBatch([anEvent(changes)], LOG, rules)).toThrow(/^Line 7: /);
});

it.each<[string, Partial<IncomingEvent>]>([
  ['data', { data: '{"changed":1}' }],
  ['schema version', { typeVersion: 2 }],
  ['actor', { actor: 'bob' }],
  ['correlation id', { correlationId: 'd' }],
  ['time', { recordedAt: 2_001 }],
  ['metadata', { metadata: '{}' }],
])('refuses a line of an export whose %s differs from that of the stored event', (what, changes) => {
  const plan = (rules: PlanRules) => () =>
    planBatch([anEvent({ position: 3, version: 2, ...changes })], { ...LOG, stored: new Map([[ID, STORED]]) }, rules);
  expect(plan(RULES)).toThrow(new RegExp(`^Line 7: .* at position 3, with other content: ${what}\\.`));
  expect(plan(ONTO)).toThrow(/^Line 7: /);
});

it('skips a stored event whose time was moved, whose fields are encrypted anew, or that is from another program', () => {
  const skipped = (changes: Partial<IncomingEvent>, has: Partial<StoredEvent>) =>
    planBatch(
      [anEvent({ position: 3, version: 2, ...changes })],
      { ...LOG, stored: new Map([[ID, { ...STORED, ...has }]]) },
      ONTO,
    ).skipped;
  expect(skipped({ recordedAt: 500 }, { metadata: '{"custom":{"recordedAt":"..."}}' })).toBe(1);
  expect(skipped({ encrypted: true, typeVersion: 2 }, { data: '{"$personal":[]}' })).toBe(1);
  expect(skipped({ position: undefined, version: undefined, data: '[]' }, {})).toBe(1);
});

it('refuses an id that another event has', () => {
  const stored = new Map([[ID, { ...STORED, stream: 'order-2' }]]);
  expect(() => planBatch([anEvent()], { ...LOG, stored }, ONTO)).toThrow('is that of another event of this log');
});

it('refuses an event without its keys, also one that has no tags', () => {
  const plan = (lacksKey: boolean) => () =>
    planBatch(
      [anEvent()],
      LOG,
      { ...RULES, serializer: { tagsOf: () => [] } as unknown as EventSerializer },
      new Map([
        [
          ID,
          () => {
            throw new UnreadableFieldError(5, 'address.street', 'there is none.', lacksKey);
          },
        ],
      ]),
    );

  expect(plan(true)).toThrow(
    /^Line 7: the personal field "address\.street" can't be read: there is none\. The keys are not in the file: use the master key .* copy the rows/,
  );
  expect(plan(false)).toThrow(/^Line 7: The personal field "address\.street" of the event at position 5 can't be read/);
});
