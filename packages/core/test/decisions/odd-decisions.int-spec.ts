import { v7 as uuidv7 } from 'uuid';
import {
  type Changes,
  DecisionModel,
  decisionModel,
  Decisions,
  DomainEvent,
  EventSourcingModule,
  existing,
  existingOrNew,
  InvalidAppendError,
  InvalidIdError,
  InvalidReadError,
  type JsonObject,
  NestedDecisionError,
} from '../../src/index.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { Counter, CounterNotFoundError, CounterOpened, CounterRaised } from '../counters/counter.js';
import { CounterNode } from '../counters/counter-node.js';

@DomainEvent('lamps.lamp-lit', { tags: ({ lamp }: LampLit) => ({ lamp }) })
class LampLit {
  declare readonly type: 'lamps.lamp-lit';
  constructor(readonly lamp: string) {}
}

@DecisionModel({ events: [LampLit], name: 'lamps.lit', snapshotVersion: 1 })
class Lit {
  static failingAt: number | undefined;
  static failsToSnapshot = false;
  readonly seen: string[] = [];
  times = 0;

  evolve({ lamp }: LampLit): void {
    this.seen.push(lamp);
    this.times += 1;
    if (this.times === Lit.failingAt) throw new Error('This model is broken.');
  }

  takeSnapshot(): JsonObject {
    if (Lit.failsToSnapshot) throw new Error('This snapshot is broken.');
    return { times: this.times };
  }

  restoreSnapshot({ times = 0 }: { times?: number }): void {
    this.times = times;
  }
}

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));

describe('a decision', () => {
  let database: TestDatabase;
  let node: CounterNode;
  let other: CounterNode;
  let decisions: Decisions;

  beforeAll(async () => {
    database = await createTestDatabase('sqlite');
    const lamps = EventSourcingModule.forFeature({ events: [LampLit], decisionModels: [Lit] });
    const start = () => CounterNode.start(database, { runSubscriptions: false }, { imports: [lamps] });
    [node, other] = [await start(), await start()];
    decisions = node.get(Decisions);
  });

  afterEach(() => {
    Lit.failingAt = undefined;
    Lit.failsToSnapshot = false;
  });

  afterAll(async () => {
    await node?.stop();
    await other?.stop();
    await database.drop();
  });

  const openCounter = async (value = 0): Promise<string> => {
    const id = uuidv7();
    const events = [new CounterOpened(id, id), ...(value > 0 ? [new CounterRaised(id, value)] : [])];
    await decisions.decide({}, (_, changes) => changes.append(`counter-${id}`, ...events));
    return id;
  };
  const valueOf = async (id: string): Promise<number> => (await node.aggregates.load(Counter, id)).value;
  const light = (lamp: string, count = 1, on = node) =>
    on
      .get(Decisions)
      .decide({}, (_, changes) => changes.append(`lamp-${lamp}`, ...times(count, () => new LampLit(lamp))));
  const lit = (lamp: string) => decisions.decide({ lit: decisionModel(Lit, { lamp }) }, (each) => each.lit.times);
  /** Runs `work` once, after the next decision of the node has read the head and before it reads the events. */
  const afterTheHead = (work: () => Promise<unknown>): void => {
    const log = node.log as { frontier: typeof node.log.frontier };
    const { frontier } = log;
    log.frontier = async () => {
      log.frontier = frontier;
      const read = await frontier.call(node.log);
      await work();
      return read;
    };
  };

  it('refuses changes that come when it is over, which nobody would store', async () => {
    let late: Changes | undefined;

    await decisions.decide({}, (_, changes) => void (late = changes));

    expect(() => late!.append('lamp-late', new LampLit('late'))).toThrow(
      /^The decision is over.*await what it starts\.$/,
    );
    expect(() => late!.create(Counter, new Counter(uuidv7()))).toThrow('The decision is over');
    expect(await lit('late')).toBe(0);
  });

  it.each([
    ['existing', existing],
    ['existing or new', existingOrNew],
  ])('has one state of an aggregate that takes part under two names (%s)', async (_, participant) => {
    const id = await openCounter(5);

    await decisions.decide({ from: existing(Counter, id), to: participant(Counter, id) }, ({ from, to }) => {
      from.raise(-2);
      expect(to.value).toBe(3);
      to.raise(2);
    });

    expect([await valueOf(id), (await node.log.findStream(`counter-${id}`))?.version]).toEqual([5, 4]);
  });

  it('needs an aggregate that takes part as existing and as existing or new', async () => {
    const id = uuidv7();
    const both = { one: existingOrNew(Counter, id), two: existing(Counter, id) };
    await expect(decisions.decide(both, () => undefined)).rejects.toThrow(CounterNotFoundError);
  });

  it.each(['', 'x'.repeat(256), 'a\tb'])('needs an id that can be stored for a new aggregate: %j', async (id) => {
    const calls = { existing: 0, orNew: 0 };

    const update = node.aggregates.update(Counter, id, () => void calls.existing++);
    const upsert = node.aggregates.upsert(Counter, id, () => void calls.orNew++);
    const orNew = decisions.decide({ counter: existingOrNew(Counter, id) }, () => void calls.orNew++);

    await expect(update).rejects.toThrow(CounterNotFoundError);
    await expect(upsert).rejects.toThrow(InvalidIdError);
    await expect(orNew).rejects.toThrow(InvalidIdError);
    expect(calls).toEqual({ existing: 0, orNew: 0 });
  });

  it('creates an aggregate once', async () => {
    const id = uuidv7();
    const creating = decisions.decide({}, (_, changes) => {
      changes.create(Counter, Counter.open(id, id));
      changes.create(Counter, Counter.open(id, `${id}-2`));
    });

    await expect(creating).rejects.toThrow(InvalidAppendError);
    expect(await node.log.findStream(`counter-${id}`)).toBeUndefined();
  });

  it.each([
    [
      'refuses',
      (isOdd: boolean) => {
        if (isOdd) throw new Error('They differ.');
        return 'fine';
      },
    ],
    ['answers', (isOdd: boolean) => (isOdd ? 'They differ.' : 'fine')],
  ])('%s nothing that was never true', async (_, judge) => {
    const [lamp, id] = [uuidv7(), await openCounter()];
    afterTheHead(() =>
      other.get(Decisions).decide({ counter: existing(Counter, id) }, ({ counter }, changes) => {
        counter.raise(1);
        changes.append(`lamp-${lamp}`, new LampLit(lamp));
      }),
    );

    const participants = { lit: decisionModel(Lit, { lamp }), counter: existing(Counter, id) };
    await expect(
      decisions.decide(participants, ({ lit, counter }) => judge(lit.times !== counter.value)),
    ).resolves.toBe('fine');
  });

  it('refuses another decision within it, which could wait for it forever', async () => {
    const id = await openCounter();
    const raise = () => node.aggregates.update(Counter, id, (counter) => counter.raise(1));

    await expect(decisions.decide({ counter: existing(Counter, id) }, () => raise())).rejects.toThrow(
      NestedDecisionError,
    );
    await raise();
    expect(await valueOf(id)).toBe(1);
  }, 5_000);

  it('answers with a copy of what a model has, which later events don’t change', async () => {
    const lamp = uuidv7();
    const seen = () => decisions.decide({ lit: decisionModel(Lit, { lamp }) }, (each) => each.lit.seen);
    await light(lamp);
    const answer = await seen();
    await light(lamp);

    expect([await seen(), answer]).toEqual([[lamp, lamp], [lamp]]);
  });

  it.each([
    ['no value', { lamp: undefined }],
    ['an empty list', { lamp: [] }],
    ['no value for one of two', { lamp: 'a', room: undefined }],
  ])('folds no events of other values when a tag has %s', (_, tags) => {
    expect(() => decisionModel(Lit, { lamp: 'b' }, tags)).toThrow(InvalidReadError);
  });

  it('folds a model from its events again after the model threw', async () => {
    const lamp = uuidv7();
    await light(lamp, 2);
    expect(await lit(lamp)).toBe(2);
    await light(lamp, 3);
    Lit.failingAt = 4;
    await expect(lit(lamp)).rejects.toThrow('This model is broken.');
    Lit.failingAt = undefined;
    expect(await lit(lamp)).toBe(5);
  });

  it('folds a model again when the log is shorter than before, because it was restored', async () => {
    const lamp = uuidv7();
    await light(lamp);
    const [position] = [await node.log.head(), await light(lamp)];
    expect(await lit(lamp)).toBe(2);
    const log = node.log as { frontier: typeof node.log.frontier };
    const { frontier } = log;
    log.frontier = async () => ({ position, tagsGeneration: 0 });
    try {
      expect(await lit(lamp)).toBe(1);
    } finally {
      log.frontier = frontier;
    }
  });

  it('is stored although its aggregate can take no snapshot', async () => {
    const id = await openCounter();
    const raise = () =>
      decisions.decide({ counter: existing(Counter, id) }, ({ counter }) => {
        times(300, () => counter.raise(1));
        // No JSON has this value.
        counter.value = Number.NaN;
      });

    await raise();
    expect(await valueOf(id)).toBe(300);
  });

  it('is taken although a model can take no snapshot', async () => {
    const lamp = uuidv7();
    await light(lamp, 300);
    Lit.failsToSnapshot = true;
    expect(await lit(lamp)).toBe(300);
    expect(await lit(lamp)).toBe(300);
  });

  it('looks at 100 sets of tags, and says that 101 are too many', async () => {
    const lamps = times(101, () => uuidv7());
    const over = (count: number) => ({ lit: decisionModel(Lit, ...lamps.slice(0, count).map((lamp) => ({ lamp }))) });
    await light(lamps[99]!);

    await decisions.decide(over(100), ({ lit }, changes) => {
      expect(lit.times).toBe(1);
      changes.append('lamp-all', new LampLit(lamps[0]!));
    });
    await expect(decisions.decide(over(101), () => undefined)).rejects.toThrow('has 101 items, and may have 100');
    const two = { one: over(60).lit, two: decisionModel(Lit, ...lamps.slice(50, 100).map((lamp) => ({ lamp }))) };
    await expect(decisions.decide(two, (_, changes) => changes.append('lamp-all', new LampLit('x')))).rejects.toThrow(
      '100',
    );
  });
});
