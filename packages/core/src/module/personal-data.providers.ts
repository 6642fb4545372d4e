import type { Provider } from '@nestjs/common';
import { Databases } from '../databases/databases.js';
import { SetupError } from '../errors.js';
import { EventLog } from '../event-log/event-log.js';
import { EventSerializer } from '../event-log/event-serializer.js';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import { establishIdentity } from '../event-log/log-identity.js';
import { EventRegistry } from '../events/event-registry.js';
import { FORGETTING, ForgettingCompanion } from '../operations/forgetting/forgetting-companion.js';
import { ForgettingEvents, forgettingsOf, forgettingTypes } from '../operations/forgetting/forgetting-events.js';
import { ForgettingProgress } from '../operations/forgetting/forgetting-progress.js';
import { ForgottenCopies } from '../operations/forgetting/forgotten-copies.js';
import { CertificateCheck } from '../operations/forgetting/certificate-check.js';
import { ForgettingReplay } from '../operations/forgetting/forgetting-replay.js';
import { KeyRotation } from '../operations/forgetting/key-rotation.js';
import { PlainPersonalFields } from '../operations/forgetting/plain-personal-fields.js';
import { StoredPersonalData } from '../operations/forgetting/stored-personal-data.js';
import { KeyRing } from '../personal-data/key-ring.js';
import { KeyStore } from '../personal-data/key-store.js';
import { MasterKeys } from '../personal-data/master-keys.js';
import { type Forgetting, PersonalData } from '../personal-data/personal-data.js';
import { PersonalFieldsCipher } from '../personal-data/personal-fields-cipher.js';
import { SealedCopies } from '../personal-data/sealed-copies.js';
import { NoKeys } from '../personal-data/no-keys.js';
import { TableKeyStore } from '../personal-data/table-key-store.js';
import { type ResolvedOptions, OPTIONS } from './options.js';
import { Relays } from './relays.js';

/** The master keys, when they are asked for first. */
export const LAZY_MASTER_KEYS = Symbol('leftfold.master-keys');

type LazyMasterKeys = (() => MasterKeys) | undefined;

/** In ms. */
const BACKOFF = { first: 1_000, longest: 30_000 };

/** Lets the forgettings of the log be carried through. */
class Forgettings {
  constructor(
    private readonly relays: Relays,
    private readonly events: ForgettingEvents,
    private readonly companion: ForgettingCompanion,
  ) {}

  onModuleInit(): void {
    if (this.events.types.length === 0) return;
    this.relays.accompany({ name: FORGETTING, retry: { backoff: BACKOFF } }, this.companion);
  }
}

export const PERSONAL_DATA_PROVIDERS: Provider[] = [
  {
    provide: LAZY_MASTER_KEYS,
    inject: [OPTIONS, EventRegistry],
    useFactory: masterKeys,
  },
  {
    provide: KeyStore,
    inject: [OPTIONS, Databases, LAZY_MASTER_KEYS],
    useFactory: ({ personalData }: ResolvedOptions, { events }: Databases, masters: LazyMasterKeys) => {
      if (personalData && 'keyStore' in personalData) return personalData.keyStore;
      return masters ? new TableKeyStore(events, masters) : new NoKeys();
    },
  },
  { provide: KeyRing, inject: [KeyStore], useFactory: (store: KeyStore) => new KeyRing(store) },
  { provide: SealedCopies, inject: [KeyRing], useFactory: (keys: KeyRing) => new SealedCopies(keys) },
  {
    provide: PersonalFieldsCipher,
    inject: [KeyRing, EventRegistry, EventSerializer, OPTIONS],
    useFactory: (keys: KeyRing, registry: EventRegistry, serializer: EventSerializer, { oneOff }: ResolvedOptions) =>
      new PersonalFieldsCipher(
        keys,
        new Set(forgettingTypes(registry)),
        // A one-off command may have no right to write.
        oneOff ? undefined : (event) => readForgettings(event as RecordedEvent, registry, serializer),
      ),
  },
  {
    provide: ForgettingEvents,
    inject: [EventLog, EventRegistry, EventSerializer],
    useFactory: (log: EventLog, registry: EventRegistry, serializer: EventSerializer) =>
      new ForgettingEvents(log, registry, serializer),
  },
  {
    provide: ForgettingProgress,
    inject: [Databases],
    useFactory: ({ events }: Databases) => new ForgettingProgress(events),
  },
  {
    provide: ForgottenCopies,
    inject: [Databases, KeyRing, EventSerializer],
    useFactory: ({ events }: Databases, keys: KeyRing, serializer: EventSerializer) =>
      new ForgottenCopies(events, keys, serializer, () => establishIdentity(events.write)),
  },
  {
    provide: ForgettingCompanion,
    inject: [ForgettingEvents, ForgettingProgress, KeyStore, ForgottenCopies],
    useFactory: (...parts: ConstructorParameters<typeof ForgettingCompanion>) => new ForgettingCompanion(...parts),
  },
  {
    provide: Forgettings,
    inject: [Relays, ForgettingEvents, ForgettingCompanion],
    useFactory: (...parts: ConstructorParameters<typeof Forgettings>) => new Forgettings(...parts),
  },
  { provide: KeyRotation, inject: [KeyStore], useFactory: (store: KeyStore) => new KeyRotation(store) },
  {
    provide: ForgettingReplay,
    inject: [Databases, KeyStore, ForgottenCopies, ForgettingEvents, { token: CertificateCheck, optional: true }],
    useFactory: (...parts: ConstructorParameters<typeof ForgettingReplay>) => new ForgettingReplay(...parts),
  },
  {
    provide: PlainPersonalFields,
    inject: [Databases, EventRegistry],
    useFactory: ({ events }: Databases, registry: EventRegistry) => new PlainPersonalFields(events, registry),
  },
  {
    provide: PersonalData,
    inject: [Databases, PersonalFieldsCipher, ForgettingEvents, ForgettingProgress, OPTIONS],
    useFactory: (
      { events }: Databases,
      cipher: PersonalFieldsCipher,
      forgettings: ForgettingEvents,
      progress: ForgettingProgress,
      { readWaitLimit }: ResolvedOptions,
    ) => new StoredPersonalData(events, cipher, forgettings, progress, readWaitLimit),
  },
];

/**
 * Checks the master keys now when an event declares personal fields or forgets, and else when they are needed: a log may have events
 * of classes that don't declare them any more, and a one-off command may need none.
 * @throws SetupError when they are needed and missing
 */
function masterKeys({ personalData, oneOff }: ResolvedOptions, registry: EventRegistry): LazyMasterKeys {
  const personal = registry.classes.find((eventClass) => {
    const { personal: parts, forgets } = registry.forClass(eventClass);
    return parts.length > 0 || forgets;
  });
  if (!personalData) {
    if (!personal) return undefined;
    throw new SetupError(
      `${personal.name} declares personal fields or forgets a person, and there is no key to encrypt with. Give EventSourcingModule the ` +
        'option "personalData", with a master key that "openssl rand -base64 32" prints.',
    );
  }
  if ('keyStore' in personalData) return undefined;
  let made: MasterKeys | undefined;
  const { masterKeys: texts } = personalData;
  const make = (): MasterKeys => (made ??= new MasterKeys(typeof texts === 'function' ? texts() : texts));
  if (personal && !oneOff) make();
  return make;
}

/** None where the event can't be read, such as by a program that is older than it: its subscription says why. */
function readForgettings(recorded: RecordedEvent, registry: EventRegistry, serializer: EventSerializer): Forgetting[] {
  try {
    return forgettingsOf(recorded, registry, serializer);
  } catch {
    return [];
  }
}
