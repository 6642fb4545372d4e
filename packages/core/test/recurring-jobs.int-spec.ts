import { Inject, type Type } from '@nestjs/common';
import { CommandHandler } from '@nestjs/cqrs';
import {
  type EventSourcingOptions,
  MessageContext,
  type Origin,
  Recurring,
  RecurringJobs,
  type RecurringOptions,
  Retry,
  StoredCommand,
} from '../src/index.js';
import { MovableClock } from '../src/testing/movable-clock.js';
import { DATABASE_KINDS } from './support/databases.js';
import { eventually } from './support/eventually.js';
import type { CounterNode } from './counters/counter-node.js';
import { CounterNodes, lettersOf, open } from './counters/counter-nodes.js';
import { CounterFullError, RaiseCounterCommand } from './counters/counter.js';

const HOUR = 60 * 60_000;

interface Run {
  readonly job: string;
  readonly dueAt: string;
  readonly origin: Origin;
}

/** What was run, and a hook before each run. */
const work: { runs: Run[]; before: (run: Run) => unknown } = { runs: [], before: () => undefined };

class JobHandler {
  @Inject(MessageContext) protected readonly context: MessageContext;

  async execute({ job, dueAt }: { job: string; dueAt: string }): Promise<void> {
    const run = { job, dueAt, origin: this.context.origin };
    await work.before(run);
    work.runs.push(run);
  }
}

/** A recurring command and its handler. Returns the handler. */
function job(name: string, options: Omit<RecurringOptions, 'name'>): Type<JobHandler> {
  class Command {
    readonly job = name;
    constructor(readonly dueAt: string) {}
  }
  class Handler extends JobHandler {}
  StoredCommand(name, 1)(Command);
  Recurring({ name, ...options })(Command);
  Retry({ attempts: 2, backoff: { first: 5, longest: 5 }, deaths: 3 })(Command);
  CommandHandler(Command)(Handler as never);
  return Handler;
}

describe.each(DATABASE_KINDS)('recurring jobs on %s', (kind) => {
  let nodes: CounterNodes;
  let clock: MovableClock;
  let moved = 0;

  const start = (jobs: Type<JobHandler>[], options: Partial<EventSourcingOptions> = {}): Promise<CounterNode> =>
    nodes.start({ scheduleClock: clock, ...options }, { providers: jobs });
  const nextDue = async (name: string): Promise<number> => {
    const [row] = await nodes.sql(`select next_due from leftfold_recurring_jobs where name = '${name}'`);
    return Number(row!.next_due);
  };
  /** Moves the clock to shortly after the due time that is the `count`-th from now. Returns these due times. */
  const pass = async (name: string, count: number, after = 30_000): Promise<string[]> => {
    const first = await nextDue(name);
    const by = first + (count - 1) * HOUR + after - (Date.now() + moved);
    moved += by;
    clock.moveOn(by);
    return Array.from({ length: count }, (_, index) => new Date(first + index * HOUR).toISOString());
  };
  const runsOf = (name: string): string[] => work.runs.filter(({ job }) => job === name).map(({ dueAt }) => dueAt);
  /** Waits until the job is not due and no command is left. */
  const done = async (name: string): Promise<void> => {
    await eventually(async () => {
      expect(await nextDue(name)).toBeGreaterThan(Date.now() + moved);
      expect(await nodes.left()).toBe(0);
    });
  };

  beforeAll(async () => {
    nodes = await CounterNodes.prepare(kind);
    clock = new MovableClock();
    // Shortly after the beginning of an hour, so that no job comes due by itself before a test moves the clock.
    moved = HOUR + 30_000 - (Date.now() % HOUR);
    clock.moveOn(moved);
  });

  afterEach(async () => {
    await nodes.stopAll();
    Object.assign(work, { runs: [], before: () => undefined });
    await nodes.sql('delete from leftfold_saga_commands');
  });

  afterAll(() => nodes.drop());

  it('run once per due time over two nodes, as the system, each with a correlation id of its own', async () => {
    const name = 'jobs.shared';
    const handler = job(name, { cron: '0 * * * *' });
    await start([handler]);
    await start([handler]);

    const due = [...(await pass(name, 1))];
    await done(name);
    due.push(...(await pass(name, 1)));
    await done(name);

    expect(runsOf(name)).toEqual(due);
    expect(work.runs.map(({ origin }) => origin)).toMatchObject([{ actor: 'system' }, { actor: 'system' }]);
    expect(new Set(work.runs.map(({ origin }) => origin.correlationId)).size).toBe(2);
    expect(work.runs.map(({ origin }) => origin.causationId)).toEqual([undefined, undefined]);
  });

  it('make up for runs missed while no process ran, as their policies say', async () => {
    const policies = ['once', 'all', 'skip'] as const;
    const handlers = policies.map((missed) => job(`jobs.missed-${missed}`, { every: HOUR, missed }));
    await nodes.stop(await start(handlers));
    const due = await pass('jobs.missed-all', 3, 5 * 60_000);

    await start(handlers);

    for (const missed of policies) await done(`jobs.missed-${missed}`);
    expect(runsOf('jobs.missed-once')).toEqual(due.slice(-1));
    expect(runsOf('jobs.missed-all').toSorted()).toEqual(due);
    expect(runsOf('jobs.missed-skip')).toEqual([]);
  });

  it('are still due when the process dies before the commit', async () => {
    const name = 'jobs.interrupted';
    const handler = job(name, { every: HOUR });
    const node = await start([handler]);
    await nodes.refuse(name);
    const before = await nextDue(name);
    const due = await pass(name, 1);
    await nodes.stop(node);
    expect(await nextDue(name)).toBe(before);
    await nodes.refuse(undefined);

    await start([handler]);

    await done(name);
    expect(runsOf(name)).toEqual(due);
  });

  it('store their effect once when the process dies after the commit, and the run is repeated', async () => {
    const name = 'jobs.repeated';
    const handler = job(name, { every: HOUR });
    const node = await start([handler]);
    const counter = await open(node);
    let crash = true;
    work.before = async (run) => {
      await node.commands.execute(new RaiseCounterCommand(counter, 1));
      if (!crash) return;
      crash = false;
      throw new Error(`died in ${run.job}`);
    };
    await pass(name, 1);

    await done(name);

    const versions = await node.log.readAll({ after: 0, limit: 1_000 });
    expect(versions.events.filter(({ stream }) => stream === `counter-${counter}`)).toHaveLength(2);
  });

  it('are paused, resumed without making up, and run by hand meanwhile', async () => {
    const name = 'jobs.steered';
    const node = await start([job(name, { every: HOUR, missed: 'all' })]);
    const jobs = node.get(RecurringJobs);

    await jobs.pause(name);
    await pass(name, 2);
    expect(await jobs.get(name)).toMatchObject({ state: 'paused', nextDue: null });
    await jobs.run(name);
    await eventually(() => expect(runsOf(name)).toHaveLength(1));
    await jobs.resume(name);
    await done(name);
    expect(runsOf(name)).toHaveLength(1);

    const due = await pass(name, 1);
    await done(name);
    expect(runsOf(name).slice(1)).toEqual(due);
    expect(await jobs.get(name)).toMatchObject({ state: 'scheduled', missed: 'all', lastRun: new Date(due[0]!) });
  });

  it('take over a changed schedule at start, and leave it to the nodes that have it', async () => {
    const name = 'jobs.changed';
    const old = await start([job(name, { every: HOUR })]);
    await start([job(name, { every: 2 * HOUR })]);
    const jobs = old.get(RecurringJobs);

    expect(await jobs.get(name)).toMatchObject({ schedule: `every ${2 * HOUR} ms` });
    const [due] = await pass(name, 1);
    await done(name);

    expect(Date.parse(due!) % (2 * HOUR)).toBe(0);
    expect(runsOf(name)).toEqual([due]);
  });

  it('are listed as gone when no class declares them, and never run', async () => {
    const name = 'jobs.removed';
    await nodes.stop(await start([job(name, { every: HOUR })]));
    const present = 'jobs.present';
    const node = await start([job(present, { every: HOUR })]);
    const jobs = node.get(RecurringJobs);
    const before = await nextDue(name);

    await pass(present, 1);
    await done(present);

    expect(await jobs.get(name)).toMatchObject({ state: 'gone', missed: null, nextDue: null });
    expect(await nextDue(name)).toBe(before);
    await expect(jobs.run(name)).rejects.toMatchObject({ code: 'recurring-job-gone' });
    await expect(jobs.pause('jobs.unknown')).rejects.toMatchObject({ code: 'recurring-job-not-found' });
  });

  it('become dead letters when they are refused, and can be retried', async () => {
    const name = 'jobs.refused';
    const node = await start([job(name, { every: HOUR })]);
    work.before = () => {
      throw new CounterFullError('full');
    };
    await pass(name, 1);
    const [letter] = await lettersOf(node, 1);
    expect(letter).toMatchObject({ kind: 'command', subscription: name, type: name, position: 0, error: 'full' });

    work.before = () => undefined;
    await node.deadLetters.retry(letter!.id);

    await done(name);
    expect(runsOf(name)).toHaveLength(1);
  });
});

it('refuses a recurring command without a stored name', async () => {
  class Nameless {}
  class Handler extends JobHandler {}
  Recurring({ name: 'jobs.nameless', every: HOUR })(Nameless);
  CommandHandler(Nameless)(Handler as never);
  const nodes = await CounterNodes.prepare('sqlite', { providers: [Handler] });
  try {
    await expect(nodes.start()).rejects.toThrow(/Nameless has @Recurring but no stored name/);
  } finally {
    await nodes.drop();
  }
});
