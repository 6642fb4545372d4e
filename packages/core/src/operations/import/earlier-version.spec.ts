import type { JsonObject } from '../../events/json.js';
import { GuestsFile } from '../../../test/personal-data/guests-file.js';

describe('plain fields of an event of an earlier version that has encrypted ones', () => {
  let file: GuestsFile;

  beforeEach(() => {
    file = new GuestsFile();
  });

  it('that were declared in a later version are encrypted with the others, as today', async () => {
    const called = await file.anOldEvent({ guestId: 'ann', name: 'Ann Archer', tel: '555', room: 7 }, ['name']);

    const [stored] = await file.fields().encrypted([called]);

    expect(stored).toMatchObject({ typeVersion: 2, encrypted: true });
    expect(JSON.parse(stored!.data)).toEqual({ guestId: 'ann', person: {}, room: 7, $personal: expect.anything() });
    expect((await file.decrypted(stored!)).data).toEqual({
      guestId: 'ann',
      person: { name: 'Ann Archer' },
      phone: '555',
      room: 7,
    });
    expect((await file.fields().marked([called]))[0]).toMatchObject({ encrypted: true });
  });

  it('that were declared in a later version are left out when their subject is forgotten', async () => {
    const called = await file.anOldEvent({ guestId: 'ann', name: 'Ann Archer', tel: '555' }, ['name']);
    file.forget('ann');

    const [stored] = await file.fields().encrypted([called]);

    expect(stored!.data).not.toContain('555');
    expect(await file.decrypted(stored!)).toMatchObject({ data: { guestId: 'ann' }, forgotten: ['name', 'phone'] });
  });

  it('are none of an earlier version whose fields are all encrypted: it stays as it is', async () => {
    const called = await file.anOldEvent({ guestId: 'ann', name: 'Ann Archer', room: 7 }, ['name']);

    expect(await file.fields().encrypted([called])).toEqual([called]);
    expect(await file.fields().marked([called])).toEqual([called]);
  });

  it.each<[string, JsonObject, readonly string[], string | undefined, RegExp]>([
    [
      'whose upcaster would reveal a field',
      { guestId: 'ann', tel: '555', nickname: 'Bee' },
      ['nickname'],
      undefined,
      /copy an encrypted field to one that is not declared personal.* Declare that field personal/,
    ],
    [
      'of whose encrypted field several events are made',
      { guest: 'ann', names: ['Ann', 'Bob'] },
      ['names'],
      'guests.guest-arrived',
      /make 2 events of it/,
    ],
  ])('refuse an event of an earlier version %s', async (_what, data, paths, type, message) => {
    const event = await file.anOldEvent(data, paths, type);

    await expect(file.fields().encrypted([event])).rejects.toThrow(message);
    await expect(file.fields().marked([event])).rejects.toThrow(/^Line 7: /);
  });

  it('refuse an event of an earlier version whose key is not here', async () => {
    const event = await file.anOldEvent({ guestId: 'ann', name: 'Ann Archer', tel: '555' }, ['name']);
    file.keys.clear();

    await expect(file.fields().encrypted([event])).rejects.toThrow(
      /^Line 7: the personal field "name" can't be read: .* copy the rows of its table leftfold_personal_keys/,
    );
    expect(file.keys.size).toBe(0);
  });
});
