import type { INestApplicationContext, ModuleMetadata } from '@nestjs/common';
import {
  Aggregate,
  AggregateRepository,
  AggregateRoot,
  DomainEvent,
  EventSourcingModule,
  type EventSourcingOptions,
  ExpectedError,
  type JsonObject,
  unreachable,
} from '../../src/index.js';
import { bootKernel } from '../counters/counter-node.js';
import type { TestDatabase } from '../support/databases.js';
import { allRows } from '../support/stored-rows.js';

export interface Address {
  readonly street?: string;
  readonly city: string;
}

@DomainEvent('persons.person-registered', {
  personal: [{ subject: ({ personId }: PersonRegistered) => personId, fields: ['name', 'address.street'] }],
  tags: ({ personId, name }: PersonRegistered) => ({ person: personId, name }),
})
export class PersonRegistered {
  declare readonly type: 'persons.person-registered';
  constructor(
    readonly personId: string,
    readonly name: string | undefined,
    readonly address: Address | null,
  ) {}
}

/** Of two persons. */
@DomainEvent('persons.person-met', {
  personal: [
    { subject: ({ personId }: PersonMet) => personId, fields: ['note'] },
    { subject: ({ otherId }: PersonMet) => otherId, fields: ['otherNote'] },
  ],
})
export class PersonMet {
  declare readonly type: 'persons.person-met';
  constructor(
    readonly personId: string,
    readonly otherId: string,
    readonly note: string | undefined,
    readonly otherNote: string | undefined,
  ) {}
}

@DomainEvent('persons.person-forgotten', { forgets: ({ personId }: PersonForgotten) => personId })
export class PersonForgotten {
  declare readonly type: 'persons.person-forgotten';
  constructor(readonly personId: string) {}
}

export const PERSON_EVENTS = [PersonRegistered, PersonMet, PersonForgotten] as const;
export type PersonEvent = InstanceType<(typeof PERSON_EVENTS)[number]>;

export class NoPersonError extends ExpectedError {
  readonly code = 'no-person';
  readonly kind = 'not-found';
}

@Aggregate({
  category: 'person',
  events: PERSON_EVENTS,
  snapshotVersion: 1,
  notFound: (id) => new NoPersonError(`There is no person ${id}.`),
})
export class Person extends AggregateRoot<PersonEvent> {
  name: string | undefined;
  street: string | undefined;
  notes: string[] = [];

  register(name: string, address: Address | null): void {
    this.apply(new PersonRegistered(this.id, name, address));
  }

  meet(otherId: string, note: string, otherNote: string): void {
    this.apply(new PersonMet(this.id, otherId, note, otherNote));
  }

  forget(): void {
    this.apply(new PersonForgotten(this.id));
  }

  protected evolve(event: PersonEvent): void {
    switch (event.type) {
      case 'persons.person-registered':
        this.name = event.name;
        this.street = event.address?.street;
        return;
      case 'persons.person-met':
        if (event.note !== undefined) this.notes.push(event.note);
        return;
      case 'persons.person-forgotten':
        return;
      default:
        unreachable(event);
    }
  }

  protected override takeSnapshot(): JsonObject {
    return { name: this.name ?? null, street: this.street ?? null, notes: this.notes };
  }

  protected override restoreSnapshot(state: JsonObject): void {
    const { name, street, notes } = state as { name: string | null; street: string | null; notes: string[] };
    this.name = name ?? undefined;
    this.street = street ?? undefined;
    this.notes = notes;
  }
}

export const MASTER_KEY = Buffer.alloc(32, 1).toString('base64');
export const OTHER_MASTER_KEY = Buffer.alloc(32, 2).toString('base64');

/** What a node with persons has besides. */
export const PERSONS: ModuleMetadata = { imports: [EventSourcingModule.forFeature({ aggregates: [Person] })] };

/** A node with persons. It waits for a forgetting as long as a busy machine may take. */
export function bootPersons(
  database: TestDatabase,
  options: Partial<EventSourcingOptions> = {},
  extra: ModuleMetadata = {},
): Promise<INestApplicationContext> {
  return bootKernel(
    database,
    { personalData: { masterKeys: [MASTER_KEY] }, readWaitLimit: 60_000, ...options },
    {
      ...extra,
      imports: [...PERSONS.imports!, ...(extra.imports ?? [])],
    },
  );
}

/** Works on a node with persons, and closes it. */
export async function onPersons<T>(
  database: TestDatabase,
  options: Partial<EventSourcingOptions>,
  work: (node: INestApplicationContext) => Promise<T>,
): Promise<T> {
  const node = await bootPersons(database, options);
  try {
    return await work(node);
  } finally {
    await node.close();
  }
}

/** Decides on a person, who may be new. */
export async function change(
  node: INestApplicationContext,
  personId: string,
  decide: (person: Person) => void,
): Promise<void> {
  await node.get(AggregateRepository).upsert(Person, personId, decide);
}

/** The tables of both databases in which a text matches. */
export async function tablesWith(database: TestDatabase, text: RegExp): Promise<string[]> {
  const tables = [...(await allRows(database))];
  return tables.filter(([, rows]) => text.test(JSON.stringify(rows))).map(([name]) => name);
}
