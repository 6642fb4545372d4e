import type { ModuleMetadata } from '@nestjs/common';
import { of } from 'rxjs';
import { v7 as uuidv7 } from 'uuid';
import { LogTail } from '../../src/subscriptions/log-tail.js';
import type { DeadLetter, EventSourcingOptions, Origin, RecordedEvent } from '../../src/index.js';
import { copyTestDatabase, type DatabaseKind, type TestDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { type Row, runSql } from '../support/stored-rows.js';
import { alarm } from './counter-alarm.js';
import { CounterNode } from './counter-node.js';
import { LEVELLING, lowering, reaction } from './counter-saga.js';
import { createKernelDatabase } from './kernel-database.js';
import { type CounterRaised, OpenCounterCommand, RaiseCounterCommand } from './counter.js';

/**
 * Nodes that share one database. A test file starts one node for all of its tests, because a start costs more than most
 * tests. `calm` removes what the previous test left.
 */
export class CounterNodes {
  private readonly running: CounterNode[] = [];

  private constructor(
    readonly database: TestDatabase,
    private readonly features: ModuleMetadata,
  ) {}

  /** @param features features of each node besides counters */
  static async prepare(kind: DatabaseKind, features: ModuleMetadata = {}): Promise<CounterNodes> {
    undisturbed();
    const database = await createKernelDatabase(kind, { separateViews: kind === 'postgres' });
    return new CounterNodes(database, features);
  }

  /** Nodes on a database that is there already. */
  static on(database: TestDatabase): CounterNodes {
    undisturbed();
    return new CounterNodes(database, {});
  }

  /** Nodes on a copy of the database. These must be stopped. */
  async copy(): Promise<CounterNodes> {
    undisturbed();
    return new CounterNodes(await copyTestDatabase(this.database), this.features);
  }

  /**
   * Leases are so long that no node acts because of a poll. A claim lasts for three leases. What stops after an error stays
   * stopped for longer than a test takes. A query waits for its read model as long as a busy machine may take.
   */
  async start(options: Partial<EventSourcingOptions> = {}, features = this.features): Promise<CounterNode> {
    const node = await CounterNode.start(
      this.database,
      { leaseTtl: 120_000, restartPause: { first: 300_000 }, readWaitLimit: 60_000, ...options },
      features,
    );
    this.running.push(node);
    return node;
  }

  async stop(node: CounterNode): Promise<void> {
    this.running.splice(this.running.indexOf(node), 1);
    await node.stop();
  }

  async stopAll(except?: CounterNode): Promise<void> {
    for (const node of this.running.filter((each) => each !== except)) await this.stop(node);
  }

  /** Ends faults, other nodes, dead letters and schedules of a test. Settles when no work is left. */
  async calm(node: CounterNode): Promise<void> {
    undisturbed();
    node.interference.run = () => undefined;
    await this.stopAll(node);
    for (const { id } of await node.deadLetters.list(undefined, 100)) await node.deadLetters.discard(id);
    await this.sql(`delete from leftfold_saga_commands where state = 'scheduled'`);
    await nothingLeft(node, this);
    undisturbed();
  }

  async drop(): Promise<void> {
    await this.stopAll();
    undisturbed();
    await this.database.drop();
  }

  /** The rows of the outbox, in order of emission. */
  outbox(): Promise<Row[]> {
    return this.sql('select * from leftfold_saga_commands order by position, place');
  }

  /** How many commands are in the outbox. */
  async left(): Promise<number> {
    return Number((await this.sql('select count(*) as count from leftfold_saga_commands'))[0]!.count);
  }

  /** Makes the database refuse commands whose data contain this text, as a constraint would; none when left out. */
  async refuse(text: string | undefined): Promise<void> {
    for (const statement of refusal(this.database.kind, text)) await this.sql(statement);
  }

  /** Runs SQL on the log's database, without the nodes. */
  sql(statement: string): Promise<Row[]> {
    return runSql(this.database.url, statement);
  }

  viewsSql(statement: string): Promise<Row[]> {
    return runSql(this.database.viewsUrl, statement);
  }
}

function refusal(kind: DatabaseKind, text: string | undefined): string[] {
  const matches = `new.data like '%${text}%'`;
  if (kind === 'sqlite') {
    const made = `create trigger refusal before insert on leftfold_saga_commands when ${matches}
                  begin select raise(abort, 'refused ${text}'); end`;
    return ['drop trigger if exists refusal', ...(text ? [made] : [])];
  }
  const body = `begin if ${matches} then raise 'refused ${text}' using errcode = 'check_violation'; end if; return new; end`;
  const made = [
    `create or replace function refusal() returns trigger language plpgsql as $$ ${body} $$`,
    'create trigger refusal before insert on leftfold_saga_commands for each row execute function refusal()',
  ];
  return ['drop trigger if exists refusal on leftfold_saga_commands', ...(text ? made : [])];
}

/** Gates that tests have made and not opened. */
const closedGates = new Set<() => void>();

/** Resets recorded calls and faults, and opens what a failed test has left closed. */
export function undisturbed(): void {
  for (const open of closedGates) open();
  lowering.executions = [];
  lowering.before = () => undefined;
  reaction.to = () => of();
  alarm.calls = [];
  alarm.before = () => undefined;
}

export async function open(node: CounterNode, counterId: string = uuidv7()): Promise<string> {
  await node.commands.execute(new OpenCounterCommand(counterId, counterId));
  return counterId;
}

/** Returns the position of the event. */
export async function raise(node: CounterNode, id: string, by = 1, origin: Partial<Origin> = {}): Promise<number> {
  const { outcome } = await node.from(origin, () => node.commands.execute(new RaiseCounterCommand(id, by)));
  return outcome!.position;
}

/** The amounts by which it was lowered, in the order of the log. */
export async function lowered(node: CounterNode, id: string): Promise<number[]> {
  const events = await eventsOf(node, id);
  return events.map(({ data }) => (data as unknown as CounterRaised).by).flatMap((by) => (by < 0 ? [-by] : []));
}

export async function eventsOf(node: CounterNode, id: string): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const event of node.log.readStream(`counter-${id}`)) events.push(event);
  return events;
}

/** Waits until the subscription is at the head. */
export async function settled(node: CounterNode, expected: object = {}, subscription = LEVELLING): Promise<void> {
  await eventually(async () => {
    const position = await node.log.head();
    expect(await node.status(subscription)).toMatchObject({ position, ...expected });
  });
}

/** Pauses a subscription, and waits until the batch that is under way has ended: until no node runs it. */
export async function pause(node: CounterNode, subscription = LEVELLING): Promise<void> {
  await node.subscriptions.pause(subscription);
  await eventually(async () => expect(await node.status(subscription)).toMatchObject({ state: 'paused', owner: null }));
}

/** Waits until this process has read the whole log. What is new for a paused subscription is one batch for it then. */
export async function readToHead(node: CounterNode): Promise<void> {
  const head = await node.log.head();
  await eventually(() => expect(node.get(LogTail).position).toBeGreaterThanOrEqual(head));
}

/** Waits until the saga is at the head and all its commands are executed. */
export async function worked(node: CounterNode, nodes: CounterNodes): Promise<void> {
  await eventually(async () => {
    const position = await node.log.head();
    expect(await node.status(LEVELLING)).toMatchObject({ position });
    expect(await nodes.left()).toBe(0);
    expect(await node.log.head()).toBe(position);
  });
}

/** Waits until every subscription is at the head, no event is parked and the outbox is empty. */
async function nothingLeft(node: CounterNode, nodes: CounterNodes): Promise<void> {
  await eventually(async () => {
    const position = await node.log.head();
    const subscriptions = await node.subscriptions.list();
    expect(subscriptions.filter((each) => each.position < position || each.parked > 0)).toEqual([]);
    expect(await nodes.left()).toBe(0);
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

/** Blocks all waiting callers until it is opened. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => {
    open = () => {
      closedGates.delete(open);
      resolve();
    };
  });
  closedGates.add(open);
  return { opened, open };
}
