import { EventBus, ofType } from '@nestjs/cqrs';
import { filter, map } from 'rxjs';
import { v7 as uuidv7 } from 'uuid';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { CounterNode } from './counters/counter-node.js';
import { CounterOpened, CounterRaised, OpenCounterCommand, RaiseCounterCommand } from './counters/counter.js';
import { interference } from './counters/counter-view.js';

describe.each(DATABASE_KINDS)('whoever observes the event bus on %s', (kind) => {
  let database: TestDatabase;
  let here: CounterNode;
  let elsewhere: CounterNode;

  beforeEach(async () => {
    interference.run = () => undefined;
    database = await createTestDatabase(kind);
    here = await CounterNode.start(database);
    elsewhere = await CounterNode.start(database, { runSubscriptions: false });
  });

  afterEach(async () => {
    await elsewhere.stop();
    await here.stop();
    await database.drop();
  });

  it('sees what is committed on any node, as instances, in order, from then on', async () => {
    const counterId = uuidv7();
    await here.commands.execute(new OpenCounterCommand(counterId, counterId));
    const head = await here.log.head();
    // The tail must be past it before the first observer comes.
    await eventually(async () => expect((await here.status()).position).toBe(head));
    const [seenHere, seenElsewhere]: [object[], number[]] = [[], []];
    here.get(EventBus).subscribe((event) => seenHere.push(event));
    elsewhere
      .get(EventBus)
      .pipe(
        ofType(CounterRaised),
        filter((event) => event.counterId === counterId),
        map(({ by }) => by),
      )
      .subscribe((by) => seenElsewhere.push(by));

    for (let by = 1; by <= 10; by++) {
      await (by % 2 ? here : elsewhere).commands.execute(new RaiseCounterCommand(counterId, by));
    }
    await eventually(() => expect(seenElsewhere).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
    await eventually(() => expect(seenHere).toHaveLength(10));
    expect(seenHere.every((event) => event instanceof CounterRaised)).toBe(true);
  });

  it('may fail without hurting the others', async () => {
    const seen: object[] = [];
    let failures = 0;
    here.get(EventBus).subscribe(() => {
      failures += 1;
      throw new Error('an observer that is broken');
    });
    here.get(EventBus).subscribe((event) => seen.push(event));
    const ids = [uuidv7(), uuidv7()];
    for (const id of ids) await here.commands.execute(new OpenCounterCommand(id, id));
    await eventually(() => expect(seen).toHaveLength(2));
    expect(seen.map((event) => (event as CounterOpened).counterId)).toEqual(ids);
    expect(failures).toBe(2);
    const head = await here.log.head();
    await eventually(async () => expect(await here.status()).toMatchObject({ position: head, state: 'live' }));
  });

  it('is not told of an event whose class is gone, and sees the next one', async () => {
    const seen: object[] = [];
    here.get(EventBus).subscribe((event) => seen.push(event));
    await here.log.append([{ stream: 'other-1', expected: 'any', events: [{ type: 'x.happened', data: {} }] }]);
    const id = uuidv7();
    await here.commands.execute(new OpenCounterCommand(id, id));
    await eventually(() => expect(seen).toMatchObject([{ counterId: id }]));
  });
});
