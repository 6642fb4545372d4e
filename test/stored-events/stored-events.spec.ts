import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventClass } from '../../packages/core/src/events/domain-event.decorator.js';
import { EventRegistry } from '../../packages/core/src/events/event-registry.js';
import { EventSerializer } from '../../packages/core/src/event-log/event-serializer.js';
import { RecordedEvent } from '../../packages/core/src/event-log/recorded-event.js';
import { declaredEvents, eventFiles } from '../../tools/event-schemas/event-schemas.mjs';
import { type FixtureTags, addTags, fixtureTags } from '../../tools/event-schemas/fixture-tags.mjs';

interface StoredEvent {
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: Record<string, unknown>;
}

const here = import.meta.dirname;
const files = eventFiles(join(here, '..', '..', 'src'));
const declared = declaredEvents(files);
const recorded = JSON.parse(readFileSync(join(here, 'schemas.json'), 'utf8')) as Record<string, Record<string, object>>;
const recordedTags = JSON.parse(readFileSync(join(here, 'tags.json'), 'utf8')) as FixtureTags;
const stored = readFileSync(join(here, 'stored-events.ndjson'), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line) as StoredEvent);

const registry = new EventRegistry();
for (const file of files) {
  for (const exported of Object.values((await import(file)) as Record<string, EventClass>)) registry.register(exported);
}
const serializer = new EventSerializer(registry);

const revive = ({ type, schemaVersion, data }: StoredEvent) =>
  serializer.eventsOf<Record<string, unknown>>(
    RecordedEvent.of({
      position: 1,
      stream: 'fixture-1',
      version: 1,
      event_id: '018f2b6e-0000-7000-8000-00000000000a',
      type,
      schema_version: schemaVersion,
      data: JSON.stringify(data),
      metadata: '{}',
      actor: 'system',
      correlation_id: 'fixture',
      recorded_at: 0,
    }),
  );

describe('the shape of stored events', () => {
  it('is checked for every event of the program', () => {
    expect(declared.length).toBeGreaterThan(5);
    expect(declared.map(({ type }) => type).toSorted()).toEqual(
      registry.classes.map((each) => registry.forClass(each).type).toSorted(),
    );
  });

  it.each(declared)('is the recorded one for $type, version $version', ({ type, version, schema }) => {
    // Another shape needs another version: raise it, add an upcaster, run `npm run events:record`, add a stored event.
    expect(schema).toEqual(recorded[type]?.[version]);
  });

  it.each(Object.entries(recorded))('is kept for every past version of %s', (type, versions) => {
    const now = declared.find((event) => event.type === type)?.version ?? 0;
    const numbers = Object.keys(versions).map(Number);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    expect([0, numbers.at(-1)]).toContain(now);
    for (const version of numbers) {
      const examples = stored.filter((event) => event.type === type && event.schemaVersion === version);
      expect({ type, version, examples: examples.length > 0 }).toEqual({ type, version, examples: true });
    }
  });

  it.each(stored)('can be read: $type, version $schemaVersion', (event) => {
    expect(revive(event).flatMap(deviations)).toEqual([]);
  });

  it('a stored event that does not match today’s shape is reported', () => {
    const [event] = stored;
    expect(revive({ ...event!, data: {} }).flatMap(deviations)).not.toEqual([]);
  });
});

describe('the tags of stored events', () => {
  const today = fixtureTags(registry.classes, stored);

  it.each(Object.entries(today))('are the recorded ones for %s', (type, byTagsVersion) => {
    // Other tags need another tagsVersion: raise it, run `npm run events:record`, and `leftfold tags rebuild` where
    // events are stored.
    expect(byTagsVersion).toEqual({ [latest(byTagsVersion)]: recordedTags[type]?.[latest(byTagsVersion)] });
    expect(latest(byTagsVersion)).toBe(latest(recordedTags[type]!));
  });

  it('are recorded for no event that has none', () => {
    expect(Object.keys(today)).toContain('users.email-changed');
    expect(Object.keys(recordedTags)).toEqual(Object.keys(today).toSorted());
  });

  it('are added for a new version and for further stored events, and are never changed', () => {
    const known: FixtureTags = { 'a.b': { 1: { 1: [['x=1']] } } };

    const added = addTags(known, { 'a.b': { 1: { 1: [['x=2'], ['x=3']] }, 2: { 1: [['y=1']] } } });

    expect(known).toEqual({ 'a.b': { 1: { 1: [['x=1'], ['x=3']] }, 2: { 1: [['y=1']] } } });
    expect(added).toHaveLength(2);
  });
});

function latest(versions: Record<string, unknown>): number {
  return Math.max(...Object.keys(versions).map(Number));
}

/** Differences between an event that was read and the declaration of its class. */
function deviations(revived: Record<string, unknown>): string[] {
  const { type } = registry.forClass(revived.constructor as EventClass);
  const { schema } = declared.find((each) => each.type === type)!;
  return Object.entries(schema).flatMap(([field, kind]) => {
    const value = revived[field.replace(/\?$/, '')];
    if (value === undefined) return field.endsWith('?') ? [] : [`${field} is missing`];
    const simple = ['string', 'number', 'boolean'].includes(kind);
    return simple && typeof value !== kind ? [`${field} is no ${kind}`] : [];
  });
}

describe('a change of shape', () => {
  const folder = mkdtempSync(join(tmpdir(), 'leftfold-event-'));

  afterAll(() => rmSync(folder, { recursive: true }));

  /** @param fields of each variant of an event */
  const shapesOf = (fields: readonly string[], options = '') => {
    const files = fields.map((_, index) => join(folder, `thing-happened-${index}.event.ts`));
    for (const [index, file] of files.entries()) {
      writeFileSync(
        file,
        `declare function DomainEvent(name: string, options?: object): ClassDecorator;
       type Role = 'customer' | 'operator';
       interface Line { sku: string; quantity: number }
       @DomainEvent('things.thing-happened'${options})
       export class ThingHappened {
         declare readonly type: 'things.thing-happened';
         constructor(${fields[index]}) {}
       }`,
      );
    }
    return declaredEvents(files);
  };

  it('is detected: a field that was added, renamed, made optional, or given another type', () => {
    const [before, ...after] = shapesOf([
      'readonly id: string, readonly lines: readonly Line[], readonly role: Role',
      'readonly id: string, readonly lines: readonly Line[], readonly role: Role, readonly more: string',
      'readonly thingId: string, readonly lines: readonly Line[], readonly role: Role',
      'readonly id: string, readonly lines: readonly Line[], readonly role?: Role',
      'readonly id: number, readonly lines: readonly Line[], readonly role: Role',
      'readonly id: string, readonly lines: readonly string[], readonly role: Role',
      `readonly id: string, readonly lines: readonly Line[], readonly role: 'customer'`,
    ]);

    expect(before).toEqual({
      type: 'things.thing-happened',
      version: 1,
      schema: { id: 'string', lines: '({ quantity: number; sku: string })[]', role: '"customer" | "operator"' },
    });
    expect(after).toHaveLength(6);
    for (const shape of after) expect(shape).not.toEqual(before);
  });

  it('reads the version beside the name', () => {
    expect(shapesOf(['readonly id: string'], ', { version: 3, upcasters: {} }')).toMatchObject([{ version: 3 }]);
  });

  it('refuses a type that it cannot read', () => {
    expect(() => shapesOf([`readonly id: import('a-package').Id`])).toThrow("type of ThingHappened.id can't be read");
  });
});
