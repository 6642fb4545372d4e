import type { JsonObject } from '../../events/json.js';
import { anEvent, GuestsFile } from '../../../test/personal-data/guests-file.js';
import type { IncomingEvent } from './incoming-event.js';

const UNUSABLE = { unusable: 'it is wrapped by another master key.' };

describe('plain fields of a file', () => {
  let file: GuestsFile;

  beforeEach(() => {
    file = new GuestsFile();
  });

  it('are encrypted, also under an earlier name; the rest of the event stays', async () => {
    const ann = anEvent({ guestId: 'ann', person: { name: 'Ann Archer' }, room: 7 }, { type: 'guests.guest-came' });

    const [stored] = await file.fields().encrypted([ann]);

    expect(stored).toEqual({ ...ann, data: stored!.data, encrypted: true });
    expect(stored!.data).not.toContain('Archer');
    expect(JSON.parse(stored!.data)).toMatchObject({ guestId: 'ann', person: {}, room: 7 });
    expect((await file.decrypted(stored!)).data).toEqual({ guestId: 'ann', person: { name: 'Ann Archer' }, room: 7 });
  });

  it('of an earlier version are those of the version of today, as which the event is stored', async () => {
    const [stored] = await file
      .fields()
      .encrypted([anEvent({ guest: 'ann', names: ['Ann Archer'] }, { typeVersion: 1 })]);

    expect(stored).toMatchObject({ typeVersion: 2, encrypted: true });
    expect((await file.decrypted(stored!)).data).toEqual({ guestId: 'ann', person: { name: 'Ann Archer' } });
  });

  it('that were declared later are added to those that are encrypted already', async () => {
    const [first] = await file.fields().encrypted([anEvent({ guestId: 'ann', person: { name: 'Ann Archer' } })]);
    const later = { ...first!, data: JSON.stringify({ phone: '555', ...(JSON.parse(first!.data) as object) }) };

    const [stored] = await file.fields().encrypted([later]);

    expect(stored!.data).not.toContain('555');
    expect((await file.decrypted(stored!)).data).toEqual({
      guestId: 'ann',
      person: { name: 'Ann Archer' },
      phone: '555',
    });
  });

  it('of a forgotten subject are left out', async () => {
    file.forget('ann');

    const [stored] = await file.fields().encrypted([anEvent({ guestId: 'ann', person: { name: 'Ann Archer' } })]);

    expect(stored!.data).not.toContain('Archer');
    expect((await file.decrypted(stored!)).data).toEqual({ guestId: 'ann', person: {} });
  });

  it('make keys only where there is a field, and ask once before the first', async () => {
    const others = [anEvent({ guestId: 'ann', person: {} }), anEvent({ a: 1 }, { type: 'rooms.room-cleaned' })];
    const plain = file.fields();

    expect(await plain.encrypted(others)).toEqual(others);
    expect([file.keys.size, file.asked]).toEqual([0, 0]);
    for (const guestId of ['bob', 'cid']) await plain.encrypted([anEvent({ guestId, phone: '555' })]);
    expect([file.keys.size, file.asked]).toEqual([2, 1]);
  });

  it.each<[string, Partial<IncomingEvent>, JsonObject, RegExp]>([
    ['that two events are made of', { typeVersion: 1 }, { guest: 'a', names: ['Ann', 'Bob'] }, /make 2 events of it/],
    ['that an upcaster drops', { typeVersion: 1 }, { guest: 'a', names: [] }, /make 0 events of it/],
    ['of a newer version', { typeVersion: 3 }, {}, /is version 3/],
    ['without a subject', {}, { phone: '555' }, /the subject of its personal fields must be a text/],
    ['whose key can not be used', {}, { guestId: 'eve', phone: '555' }, /wrapped by another master key/],
  ])('refuse an event %s, and name the line, also before anything is stored', async (_what, changes, data, message) => {
    file.keys.set('eve', UNUSABLE);
    const event = anEvent(data, changes);

    await expect(file.fields().encrypted([event])).rejects.toThrow(message);
    await expect(file.fields().marked([event])).rejects.toThrow(message);
    await expect(file.fields().marked([event])).rejects.toThrow(/^Line 7: /);
    expect(file.keys.size).toBe(1);
  });
});
