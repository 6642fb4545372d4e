import { of } from 'rxjs';
import { v7 as uuidv7 } from 'uuid';
import type { DeadLetter, EventSourcingOptions, Origin, RecordedEvent } from '../../../src/event-sourcing/index.js';
import { createTestDatabase, type DatabaseKind, type TestDatabase } from '../../support/databases.js';
import { eventually } from '../../support/eventually.js';
import { type Row, runSql } from '../../support/stored-rows.js';
import { CounterNode } from './counter-node.js';
import { LEVELLING, LEVELLING_PROVIDERS, lowering, reaction } from './counter-saga.js';
import { type CounterRaised, OpenCounterCommand, RaiseCounterCommand } from './counter.js';
import { interference } from './counter-view.js';

/** Nodes with the saga that levels counters, on one database. */
export class LevellingNodes {
  readonly running: CounterNode[] = [];

  private constructor(readonly database: TestDatabase) {}

  static async prepare(kind: DatabaseKind): Promise<LevellingNodes> {
    lowering.executions = [];
    lowering.before = () => undefined;
    reaction.to = () => of();
    interference.run = () => undefined;
    return new LevellingNodes(await createTestDatabase(kind, { separateViews: kind === 'postgres' }));
  }

  async drop(): Promise<void> {
    for (const node of this.running.splice(0)) await node.stop();
    await this.database.drop();
  }

  /** Leases are so long that nothing happens just because somebody looks now and then. A claim lasts for three of them. */
  async start(options: Partial<EventSourcingOptions> = {}): Promise<CounterNode> {
    const extra = { providers: LEVELLING_PROVIDERS };
    const node = await CounterNode.start(this.database, { leaseTtl: 120_000, ...options }, extra);
    this.running.push(node);
    return node;
  }

  async stop(node: CounterNode): Promise<void> {
    this.running.splice(this.running.indexOf(node), 1);
    await node.stop();
  }

  /** What is in the outbox, in the order in which it was emitted. */
  outbox(): Promise<Row[]> {
    return runSql(this.database.url, 'select * from saga_commands order by position, place');
  }

  sql(statement: string): Promise<Row[]> {
    return runSql(this.database.url, statement);
  }
}

export async function open(node: CounterNode): Promise<string> {
  const counterId = uuidv7();
  await node.commands.execute(new OpenCounterCommand(counterId, counterId));
  return counterId;
}

/** Answers where the event stands. */
export async function raise(node: CounterNode, id: string, by = 1, origin: Partial<Origin> = {}): Promise<number> {
  const { outcome } = await node.from(origin, () => node.commands.execute(new RaiseCounterCommand(id, by)));
  return outcome!.position;
}

/** By how much it was lowered, in the order of the log. */
export async function lowered(node: CounterNode, id: string): Promise<number[]> {
  const events = await eventsOf(node, id);
  return events.map(({ data }) => (data as unknown as CounterRaised).by).flatMap((by) => (by < 0 ? [-by] : []));
}

export async function eventsOf(node: CounterNode, id: string): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const event of node.log.readStream(`counter-${id}`)) events.push(event);
  return events;
}

/** Once the saga has come to the head. */
export async function settled(node: CounterNode, expected: object): Promise<void> {
  await eventually(async () => {
    const position = await node.log.head();
    expect(await node.status(LEVELLING)).toMatchObject({ position, ...expected });
  });
}

/** Once the saga has come to the head, and what it emitted is done. */
export async function worked(node: CounterNode, nodes: LevellingNodes): Promise<void> {
  await eventually(async () => {
    const position = await node.log.head();
    expect(await node.status(LEVELLING)).toMatchObject({ position });
    expect(await nodes.outbox()).toEqual([]);
    expect(await node.log.head()).toBe(position);
  });
}

export async function lettersOf(node: CounterNode, count: number): Promise<DeadLetter[]> {
  return eventually(async () => {
    const letters = await node.deadLetters.list(undefined, 100);
    expect(letters).toHaveLength(count);
    return letters;
  });
}
