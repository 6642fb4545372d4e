import { RecordedEvent } from './recorded-event.js';
import { DomainEvent } from '../events/domain-event.decorator.js';
import { EventRegistry } from '../events/event-registry.js';
import { EventSerializer, NewerEventError, UnknownEventTypeError } from './event-serializer.js';
import { type JsonObject, UnstorableValueError, encodeJson } from '../events/json.js';

@DomainEvent('parcels.parcel-sent', {
  version: 3,
  aliases: ['parcels.parcel-shipped'],
  upcasters: {
    1: ({ grams, ...rest }) => ({ ...rest, kilograms: (grams as number) / 1000 }),
    2: ({ to, ...rest }) => (to === 'nowhere' ? undefined : { ...rest, address: { city: to } }),
  },
  tags: ({ parcelId }: ParcelSent) => ({ parcel: parcelId }),
})
class ParcelSent {
  declare readonly type: 'parcels.parcel-sent';
  constructor(
    readonly parcelId: string,
    readonly kilograms: number,
    readonly address: { city: string },
  ) {
    if (kilograms < 0) throw new Error('No parcel is so light.');
  }
}

/** Its upcaster changes what it gets. */
@DomainEvent('parcels.parcel-moved', {
  version: 2,
  upcasters: {
    1: (data) => {
      const kilograms = (data.grams as number) / 1000;
      delete (data as Record<string, unknown>).grams;
      return Object.assign(data, { kilograms });
    },
  },
})
class ParcelMoved {
  declare readonly type: 'parcels.parcel-moved';
  declare readonly kilograms: number;
}

describe('the event serializer', () => {
  const registry = new EventRegistry();
  registry.register(ParcelSent);
  registry.drop('parcels.parcel-admired');
  const serializer = new EventSerializer(registry);
  const movedOnly = new EventRegistry();
  movedOnly.register(ParcelMoved);
  const moved = new EventSerializer(movedOnly);
  const read = (type: string, schemaVersion: number, data: JsonObject) =>
    serializer.eventsOf<ParcelSent>(aRow(type, schemaVersion, JSON.stringify(data)))[0];
  const sent = new ParcelSent('1', 2.5, { city: 'Ulm' });

  it('reads an event of the current version as an instance, without running its constructor', () => {
    expect(read('parcels.parcel-sent', 3, { ...plain(sent), kilograms: -1 })).toBeInstanceOf(ParcelSent);
    expect(read('parcels.parcel-sent', 3, plain(sent))).toStrictEqual(sent);
  });

  it('gives each reader objects and lists of its own, and each upcaster data of its own', () => {
    const recorded = aRow('parcels.parcel-sent', 3, JSON.stringify(sent));
    const [one, other] = [serializer.eventsOf<ParcelSent>(recorded)[0]!, serializer.eventsOf<ParcelSent>(recorded)[0]!];
    one.address.city = 'Bonn';
    expect(other).toStrictEqual(sent);
    expect(recorded.data).toEqual(plain(sent));
    const before = aRow('parcels.parcel-moved', 1, JSON.stringify({ grams: 1 }));
    expect([moved.eventsOf(before), moved.eventsOf(before)]).toEqual([[{ kilograms: 0.001 }], [{ kilograms: 0.001 }]]);
  });

  it('upcasts an older version through the whole chain', () => {
    expect(read('parcels.parcel-sent', 2, { parcelId: '1', kilograms: 2.5, to: 'Ulm' })).toStrictEqual(sent);
    expect(read('parcels.parcel-sent', 1, { parcelId: '1', grams: 2500, to: 'Ulm' })).toStrictEqual(sent);
  });

  it('reads an event stored under an earlier name', () => {
    expect(read('parcels.parcel-shipped', 1, { parcelId: '1', grams: 2500, to: 'Ulm' })).toStrictEqual(sent);
    expect(registry.storedNames(ParcelSent)).toEqual(['parcels.parcel-sent', 'parcels.parcel-shipped']);
  });

  it('drops events that an upcaster drops or that are listed as dropped', () => {
    expect(read('parcels.parcel-sent', 2, { parcelId: '1', kilograms: 1, to: 'nowhere' })).toBeUndefined();
    expect(read('parcels.parcel-admired', 1, {})).toBeUndefined();
  });

  it('refuses an unknown type and names its position', () => {
    expect(() => read('parcels.parcel-lost', 1, {})).toThrow(UnknownEventTypeError);
    expect(() => read('parcels.parcel-lost', 1, {})).toThrow('"parcels.parcel-lost" (parcel-1, version 2, position 7)');
  });

  it('refuses a version that is newer than the program', () => {
    expect(() => read('parcels.parcel-sent', 4, {})).toThrow(NewerEventError);
  });

  it('stores the current name and version, the data alone, and the tags', () => {
    expect(serializer.toNewEvent(sent, { actor: 'a', correlationId: 'c' })).toMatchObject({
      type: 'parcels.parcel-sent',
      schemaVersion: 3,
      tags: [{ name: 'parcel', value: '1' }],
    });
    expect(JSON.stringify(sent)).not.toContain('parcels.parcel-sent');
  });
});

describe('an upcaster', () => {
  @DomainEvent('parcels.parcels-packed', {
    version: 3,
    upcasters: {
      // One event held a list, and who packed it was in the metadata.
      1: ({ parcelIds }) => (parcelIds as string[]).map((parcelId) => ({ parcelId })),
      2: ({ parcelId }, { metadata, stream, version, position, recordedAt }) =>
        parcelId === 'lost'
          ? undefined
          : { parcelId, by: metadata.actor, at: [stream, version, position, +recordedAt] },
    },
    tags: ({ parcelId }: ParcelPacked) => ({ parcel: parcelId }),
  })
  class ParcelPacked {
    declare readonly type: 'parcels.parcels-packed';
    constructor(readonly parcelId: string) {}
  }
  const registry = new EventRegistry();
  registry.register(ParcelPacked);
  const serializer = new EventSerializer(registry);
  const packed = (...parcelIds: string[]) => aRow('parcels.parcels-packed', 1, JSON.stringify({ parcelIds }));

  it('may split an event, drop parts of it, and take fields from what is known of it', () => {
    const { actor, stream, version, position, recordedAt } = packed();

    const events = serializer.eventsOf<ParcelPacked>(packed('1', 'lost', '2'));

    const at = [stream, version, position, +recordedAt];
    expect(events.map(plain)).toEqual([
      { parcelId: '1', by: actor, at },
      { parcelId: '2', by: actor, at },
    ]);
    expect(events.every((each) => each instanceof ParcelPacked)).toBe(true);
    expect(serializer.eventsOf(packed())).toEqual([]);
  });

  it.each([
    ['one part', { type: 'parcels.other', data: {} }],
    ['a list', [{}, { type: 'parcels.other', data: {} }]],
  ])('may not give %s a type of its own, which queries would not find', (_, answer) => {
    @DomainEvent('parcels.repacked', { version: 2, upcasters: { 1: () => answer } })
    class Repacked {
      declare readonly type: 'parcels.repacked';
    }
    const known = new EventRegistry();
    known.register(Repacked);

    expect(() => new EventSerializer(known).eventsOf(aRow('parcels.repacked', 1, '{}'))).toThrow(
      /^The upcaster of version 1 of "parcels\.repacked" returns a property "type" \(position \d+\)\./,
    );
  });

  it('gives a stored event the tags of all parts', () => {
    expect(serializer.tagsOf(packed('1', '2')).map(({ value }) => value)).toEqual(['1', '2']);
  });
});

describe('an event with a property', () => {
  @DomainEvent('parcels.labelled')
  class Labelled {
    declare readonly type: 'parcels.labelled';
  }
  const registry = new EventRegistry();
  registry.register(Labelled);
  const serializer = new EventSerializer(registry);
  const metadata = { actor: 'a', correlationId: 'c' };
  const labelled = (name: string, value: unknown): Labelled =>
    Object.defineProperty(new Labelled(), name, { value, enumerable: true });

  it.each(['__proto__', 'constructor', 'toString'])('called %s keeps it', (name) => {
    const { data } = serializer.toNewEvent(labelled(name, { a: 1 }), metadata);
    const text = encodeJson(data);
    const revived = serializer.eventsOf<Labelled>(aRow('parcels.labelled', 1, text))[0]!;

    expect(revived).toBeInstanceOf(Labelled);
    expect(revived.type).toBe('parcels.labelled');
    expect(encodeJson(revived)).toBe(text);
    expect(text).toBe(`{"${name}":{"a":1}}`);
  });

  it.each(['parcels.labelled', 'another'])(
    'type of its own (%s) is refused, and the message names the path',
    (type) => {
      const store = (): unknown => serializer.toNewEvent(labelled('type', type), metadata);
      expect(store).toThrow(UnstorableValueError);
      expect(store).toThrow(/^data\.type can't be stored: the type of an event is its stored name/);
    },
  );

  it('type that another program stored can be read', () => {
    const revived = serializer.eventsOf<Labelled>(aRow('parcels.labelled', 1, '{"type":"box"}'))[0]!;
    expect(encodeJson(revived)).toBe('{"type":"box"}');
  });
});

describe('the declaration of an event', () => {
  it.each([
    ['a name without a feature', () => DomainEvent('parcel-sent'), /'<feature>.<past-tense>'/],
    ['a version that is no version', () => DomainEvent('parcels.sent', { version: 0 }), /positive integer/],
    [
      'a missing upcaster',
      () => DomainEvent('parcels.sent', { version: 3, upcasters: { 1: () => ({}) } }),
      /version 2 may be stored/,
    ],
    ['an upcaster too many', () => DomainEvent('parcels.sent', { upcasters: { 1: () => ({}) } }), /beyond version 1/],
  ])('refuses %s', (_what, declare, sentence) => {
    class Sent {
      declare readonly type: never;
    }
    expect(() => declare()(Sent)).toThrow(sentence);
  });
});

function plain(event: object): JsonObject {
  return JSON.parse(JSON.stringify(event)) as JsonObject;
}

function aRow(type: string, schemaVersion: number, data: string): RecordedEvent {
  return RecordedEvent.of({
    position: 7,
    stream: 'parcel-1',
    version: 2,
    event_id: '018f2b6e-0000-7000-8000-000000000001',
    type,
    schema_version: schemaVersion,
    data,
    metadata: '{}',
    actor: 'system',
    correlation_id: 'x',
    recorded_at: 0,
  });
}
