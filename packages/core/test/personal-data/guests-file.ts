import { EventSerializer } from '../../src/event-log/event-serializer.js';
import { DomainEvent } from '../../src/events/domain-event.decorator.js';
import { EventRegistry } from '../../src/events/event-registry.js';
import type { JsonObject } from '../../src/events/json.js';
import type { IncomingEvent } from '../../src/operations/import/incoming-event.js';
import { PlainFields } from '../../src/operations/import/plain-fields.js';
import { newKey } from '../../src/personal-data/cipher.js';
import { KeyRing } from '../../src/personal-data/key-ring.js';
import type { KeyState, KeyStore } from '../../src/personal-data/key-store.js';
import { PersonalFieldsCipher } from '../../src/personal-data/personal-fields-cipher.js';

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

@DomainEvent('guests.guest-called', {
  version: 2,
  upcasters: { 1: ({ name, tel, ...rest }) => ({ ...rest, person: { name }, phone: tel }) },
  personal: [{ subject: ({ guestId }: GuestCalled) => guestId, fields: ['person.name', 'phone'] }],
})
class GuestCalled {
  declare readonly type: 'guests.guest-called';
  constructor(
    readonly guestId: string,
    readonly person: { readonly name?: string },
    readonly phone?: string,
  ) {}
}

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';

/** Events of a file about guests, and the keys of these. */
export class GuestsFile {
  readonly keys = new Map<string, KeyState>();
  /** How often it was asked whether keys may be made. */
  asked = 0;
  private readonly registry = new EventRegistry();
  readonly cipher = new PersonalFieldsCipher(new KeyRing(this.store(), 0), new Set());

  constructor() {
    this.registry.register(GuestArrived);
    this.registry.register(GuestCalled);
  }

  fields(): PlainFields {
    return new PlainFields(this.registry, new EventSerializer(this.registry), this.cipher, async () => {
      this.asked += 1;
    });
  }

  async decrypted({ id, type, data }: IncomingEvent) {
    const [decrypt] = await this.cipher.opened([{ position: 1, eventId: id, type, dataText: data }]);
    return decrypt!();
  }

  forget(subject: string): void {
    this.keys.set(subject, { forgotten: { subject, eventId: 'e', position: 1, forgottenAt: new Date(0) } });
  }

  /** An event of Ann in version 1, when only some of its fields were declared personal. */
  async anOldEvent(data: JsonObject, paths: readonly string[], type = 'guests.guest-called'): Promise<IncomingEvent> {
    const content = [{ subject: 'ann', fields: paths.map((path) => ({ path, names: [path] })) }];
    const text = this.cipher.encrypt(data, ID, content, await this.cipher.keysFor(content)).data;
    return anEvent(text, { type, typeVersion: 1 });
  }

  private store(): KeyStore {
    const { keys } = this;
    return {
      find: async () => keys,
      make: async (subjects: readonly string[]) => {
        for (const subject of subjects) if (!keys.has(subject)) keys.set(subject, { key: { id: 'k', key: newKey() } });
        return keys;
      },
    } as unknown as KeyStore;
  }
}

export function anEvent(data: JsonObject, changes: Partial<IncomingEvent> = {}): IncomingEvent {
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
