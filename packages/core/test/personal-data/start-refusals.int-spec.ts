import type { ModuleMetadata } from '@nestjs/common';
import { EventsHandler } from '@nestjs/cqrs';
import {
  EventSourcingModule,
  type EventSourcingOptions,
  DomainEvent,
  Projection,
  type ProjectionHandler,
} from '../../src/index.js';
import { CounterView, CreateCounterView1750000900000 } from '../counters/counter-view.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { bootPersons, MASTER_KEY, PersonForgotten, PersonRegistered } from './person.js';

@DomainEvent('firms.firm-dissolved', { forgets: { kind: 'firm', subject: ({ firmId }: FirmDissolved) => firmId } })
class FirmDissolved {
  declare readonly type: 'firms.firm-dissolved';
  constructor(readonly firmId: string) {}
}

@EventsHandler(PersonRegistered)
@Projection({ name: 'persons.nosy-view', entities: [CounterView] })
class NosyProjection implements ProjectionHandler {
  handle(): void {}
}

@EventsHandler(PersonRegistered, PersonForgotten)
@Projection({ name: 'persons.tactful-view', entities: [CounterView] })
class TactfulProjection implements ProjectionHandler {
  handle(): void {}
}

const views = EventSourcingModule.forFeature({
  readModels: [CounterView],
  migrations: { views: [CreateCounterView1750000900000] },
  events: [FirmDissolved],
});

describe('an application with personal fields', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase('sqlite');
  });

  afterAll(() => database.drop());

  const start = async (options: Partial<EventSourcingOptions>, extra: ModuleMetadata = {}): Promise<void> => {
    const node = await bootPersons(database, options, extra);
    await node.close();
  };
  const masterKeys = (...keys: string[]): Partial<EventSourcingOptions> => ({ personalData: { masterKeys: keys } });

  it.each<[string, Partial<EventSourcingOptions>, RegExp]>([
    ['no key', { personalData: undefined }, /PersonRegistered declares personal fields.*"personalData"/],
    ['an empty list of keys', masterKeys(), /masterKeys is empty/],
    ['a key of another length', masterKeys(MASTER_KEY, 'c2hvcnQ='), /not 32 bytes in base64.*openssl rand -base64 32/],
    ['a key with other letters', masterKeys(`${MASTER_KEY.slice(0, -2)} =`), /not 32 bytes in base64/],
  ])('does not start with %s', async (_what, options, message) => {
    await expect(start(options)).rejects.toThrow(message);
  });

  it('does not start with a read model that would keep what is forgotten', async () => {
    await expect(start({}, { imports: [views], providers: [NosyProjection] })).rejects.toThrow(
      'The projection NosyProjection ("persons.nosy-view") handles PersonRegistered, whose personal fields "name", ' +
        '"address.street" may get into its rows, and not PersonForgotten, which forgets a person. Add PersonForgotten to its ' +
        '@EventsHandler',
    );
  });

  it('starts with a read model that handles the forgetting of its kind of subject, and of no other kind', async () => {
    await expect(start({}, { imports: [views], providers: [TactfulProjection] })).resolves.toBeUndefined();
  });
});
