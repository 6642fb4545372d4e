import { EventSerializer } from '../../event-log/event-serializer.js';
import { DomainEvent } from '../../events/domain-event.decorator.js';
import { EventRegistry } from '../../events/event-registry.js';
import type { JsonObject } from '../../events/json.js';
import { newKey } from '../../personal-data/cipher.js';
import { KeyRing } from '../../personal-data/key-ring.js';
import type { KeyState, KeyStore } from '../../personal-data/key-store.js';
import { PersonalFieldsCipher } from '../../personal-data/personal-fields-cipher.js';
import type { IncomingEvent } from './incoming-event.js';
import { PlainFields } from './plain-fields.js';

@DomainEvent('guests.guest-arrived', {
  version: 2,
  aliases: ['guests.guest-came'],
  upcasters: {
    1: ({ guest, names, ...rest }) =>
      ((names as string[] | undefined) ?? []).map((name) => ({ ...rest, guestId: guest, person: { name } })),
  },
  personal: [{ subject: ({ guestId }: GuestArrived) => guestId, fields: ['person.name', 'phone'] }],
})
class GuestArrived {
  declare readonly type: 'guests.guest-arrived';
  constructor(
    readonly guestId: string,
    readonly person: { readonly name?: string },
    readonly phone?: string,
  ) {}
}

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const UNUSABLE = { unusable: 'it is wrapped by another master key.' };

describe('plain fields of a file', () => {
  const registry = new EventRegistry();
  registry.register(GuestArrived);
  const keys = new Map<string, KeyState>();
  const store = {
    find: async () => keys,
    make: async (subjects: readonly string[]) => {
      for (const subject of subjects) if (!keys.has(subject)) keys.set(subject, { key: { id: 'k', key: newKey() } });
      return keys;
    },
  } as unknown as KeyStore;
  const cipher = new PersonalFieldsCipher(new KeyRing(store, 0), new Set());
  let asked = 0;
  const fields = () =>
    new PlainFields(registry, new EventSerializer(registry), cipher, async () => {
      asked += 1;
    });
  const read = async ({ id, type, data }: IncomingEvent): Promise<JsonObject> => {
    const [decrypt] = await cipher.opened([{ position: 1, eventId: id, type, dataText: data }]);
    return decrypt!().data;
  };

  beforeEach(() => {
    keys.clear();
    asked = 0;
  });

  it('are encrypted, also under an earlier name; the rest of the event stays', async () => {
    const ann = anEvent({ guestId: 'ann', person: { name: 'Ann Archer' }, room: 7 }, { type: 'guests.guest-came' });

    const [stored] = await fields().encrypted([ann]);

    expect(stored).toEqual({ ...ann, data: stored!.data, encrypted: true });
    expect(stored!.data).not.toContain('Archer');
    expect(JSON.parse(stored!.data)).toMatchObject({ guestId: 'ann', person: {}, room: 7 });
    expect(await read(stored!)).toEqual({ guestId: 'ann', person: { name: 'Ann Archer' }, room: 7 });
  });

  it('of an earlier version are those of the version of today, as which the event is stored', async () => {
    const [stored] = await fields().encrypted([anEvent({ guest: 'ann', names: ['Ann Archer'] }, { typeVersion: 1 })]);

    expect(stored).toMatchObject({ typeVersion: 2, encrypted: true });
    expect(await read(stored!)).toEqual({ guestId: 'ann', person: { name: 'Ann Archer' } });
  });

  it('that were declared later are added to those that are encrypted already', async () => {
    const [first] = await fields().encrypted([anEvent({ guestId: 'ann', person: { name: 'Ann Archer' } })]);
    const later = { ...first!, data: JSON.stringify({ phone: '555', ...(JSON.parse(first!.data) as object) }) };

    const [stored] = await fields().encrypted([later]);

    expect(stored!.data).not.toContain('555');
    expect(await read(stored!)).toEqual({ guestId: 'ann', person: { name: 'Ann Archer' }, phone: '555' });
  });

  it('of a forgotten subject are left out', async () => {
    keys.set('ann', { forgotten: { subject: 'ann', eventId: 'e', position: 1, forgottenAt: new Date(0) } });

    const [stored] = await fields().encrypted([anEvent({ guestId: 'ann', person: { name: 'Ann Archer' } })]);

    expect(stored!.data).not.toContain('Archer');
    expect(await read(stored!)).toEqual({ guestId: 'ann', person: {} });
  });

  it('make keys only where there is a field, and ask once before the first', async () => {
    const others = [anEvent({ guestId: 'ann', person: {} }), anEvent({ a: 1 }, { type: 'rooms.room-cleaned' })];
    const plain = fields();

    expect(await plain.encrypted(others)).toEqual(others);
    expect([keys.size, asked]).toEqual([0, 0]);
    for (const guestId of ['bob', 'cid']) await plain.encrypted([anEvent({ guestId, phone: '555' })]);
    expect([keys.size, asked]).toEqual([2, 1]);
  });

  it.each<[string, Partial<IncomingEvent>, JsonObject, RegExp]>([
    ['that two events are made of', { typeVersion: 1 }, { guest: 'a', names: ['Ann', 'Bob'] }, /make 2 events of it/],
    ['that an upcaster drops', { typeVersion: 1 }, { guest: 'a', names: [] }, /make 0 events of it/],
    ['of a newer version', { typeVersion: 3 }, {}, /is version 3/],
    ['without a subject', {}, { phone: '555' }, /the subject of its personal fields must be a text/],
    ['whose key can not be used', {}, { guestId: 'eve', phone: '555' }, /wrapped by another master key/],
  ])('refuse an event %s, and name the line, also before anything is stored', async (_what, changes, data, message) => {
    keys.set('eve', UNUSABLE);
    const event = anEvent(data, changes);

    await expect(fields().encrypted([event])).rejects.toThrow(message);
    await expect(fields().marked([event])).rejects.toThrow(message);
    await expect(fields().marked([event])).rejects.toThrow(/^Line 7: /);
    expect(keys.size).toBe(1);
  });
});

function anEvent(data: JsonObject, changes: Partial<IncomingEvent> = {}): IncomingEvent {
  return {
    line: 7,
    position: 5,
    id: ID,
    stream: 'guest-1',
    version: 3,
    type: 'guests.guest-arrived',
    typeVersion: 2,
    recordedAt: 2_000,
    actor: 'ann',
    correlationId: 'c',
    data: JSON.stringify(data),
    metadata: '{}',
    closes: false,
    ...changes,
  };
}
