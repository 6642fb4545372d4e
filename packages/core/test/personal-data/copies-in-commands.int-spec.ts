import type { INestApplicationContext } from '@nestjs/common';
import { Command, CommandHandler, type ICommand, type ICommandHandler, type IEvent, ofType, Saga } from '@nestjs/cqrs';
import { mergeMap, type Observable, of } from 'rxjs';
import { v7 as uuidv7 } from 'uuid';
import { EventLog, PersonalData, Retry, SagaName, scheduled, StoredCommand } from '../../src/index.js';
import { createKernelDatabase } from '../counters/kernel-database.js';
import { DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { runSql } from '../support/stored-rows.js';
import { bootPersons, change, PersonRegistered, tablesWith } from './person.js';

@StoredCommand('persons.greet', 1)
class GreetCommand extends Command<void> {
  constructor(
    readonly personId: string,
    readonly text: string,
  ) {
    super();
  }
}

const greeted: string[] = [];

@CommandHandler(GreetCommand)
class GreetHandler implements ICommandHandler<GreetCommand> {
  async execute({ text }: GreetCommand): Promise<void> {
    if (text.startsWith('Fail')) throw new Error(`The post refused: ${text}`);
    greeted.push(text);
  }
}

@Retry({ attempts: 1, backoff: { first: 1, longest: 1 } })
@SagaName('persons.greeting')
class GreetingSaga {
  @Saga()
  greetWhenRegistered(events$: Observable<IEvent>): Observable<ICommand> {
    return events$.pipe(
      ofType(PersonRegistered),
      mergeMap(({ personId, name }) =>
        of(
          new GreetCommand(personId, `Hello ${name}`),
          new GreetCommand(personId, `Fail for ${name}`),
          scheduled(new GreetCommand(personId, `Soon, ${name}`), { after: 3_600_000, key: `soon ${personId}` }),
          scheduled(new GreetCommand(personId, 'Soon, whoever'), { after: 3_600_000, key: `whoever ${personId}` }),
        ),
      ),
    );
  }
}

describe.each(DATABASE_KINDS)('commands of a saga that quote a person on %s', (kind) => {
  let database: TestDatabase;
  let node: INestApplicationContext;

  beforeAll(async () => {
    database = await createKernelDatabase(kind);
    node = await bootPersons(database, {}, { providers: [GreetHandler, GreetingSaga] });
  });

  afterAll(async () => {
    await node.close();
    await database.drop();
  });

  const outbox = () =>
    runSql(database.url, 'select state, data, error from leftfold_saga_commands order by state, data');

  it('are stored encrypted and executed plain; once the person is forgotten they are dropped', async () => {
    const id = uuidv7();
    greeted.length = 0;

    await change(node, id, (person) => person.register('Margarethe', null));

    await eventually(async () => {
      expect(greeted).toEqual(['Hello Margarethe']);
      expect((await outbox()).map(({ state }) => state)).toEqual(['dead', 'scheduled', 'scheduled']);
    });
    expect(await tablesWith(database, /Margarethe/i)).toEqual([]);
    expect(JSON.stringify(await outbox())).toContain('Soon, whoever');

    await change(node, id, (person) => person.forget());
    await node.get(PersonalData).settled(await node.get(EventLog).head());
    await runSql(database.url, `update leftfold_saga_commands set due_at = 1 where state = 'scheduled'`);

    await eventually(async () => {
      expect(greeted).toEqual(['Hello Margarethe', 'Soon, whoever']);
      expect((await outbox()).map(({ state }) => state)).toEqual(['dead']);
    });
  });
});
