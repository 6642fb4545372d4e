import { of } from 'rxjs';
import { OutboxWorker } from '../src/sagas/outbox/outbox-worker.js';
import { Databases } from '../src/index.js';
import { DATABASE_KINDS } from './support/databases.js';
import { eventually } from './support/eventually.js';
import { schemaDifferences } from './support/schema-differences.js';
import { CounterNodes, gate, lowered, open, raise, settled } from './counters/counter-nodes.js';
import {
  LEVELLING_PROVIDERS,
  LowerCounterCommand,
  LowerCounterHandler,
  lowering,
  lowerIt,
  reaction,
} from './counters/counter-saga.js';
import { Levelling } from './counters/levelling.js';

describe.each(DATABASE_KINDS)('the outbox of sagas on %s', (kind) => {
  const here = Levelling.use(kind);

  it('has tables that match its entities', async () => {
    const { dataSource } = here.node.get(Databases).events.write;
    expect(dataSource.entityMetadatas.map(({ tableName }) => tableName)).toContain('leftfold_saga_commands');
    expect(await schemaDifferences(dataSource)).toEqual([]);
  });

  it('executes many commands in the order of their streams', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => open(here.node)));
    reaction.to = ({ counterId, by }) =>
      of(...Array.from({ length: by }, (_, n) => new LowerCounterCommand(counterId, n + 1)));
    await Promise.all(ids.map((id) => raise(here.node, id, 5)));
    for (const id of ids) await eventually(async () => expect(await lowered(here.node, id)).toEqual([1, 2, 3, 4, 5]));
  });

  // The rest does not depend on the database.
  if (kind !== 'sqlite') return;

  it('is not used by a process that runs no subscriptions', async () => {
    const takeAgain = here.claimingNothing();
    const id = await open(here.node);
    await raise(here.node, id);
    await settled(here.node);

    const idle = await here.nodes.start({ runSubscriptions: false });
    await raise(idle, id, 2);
    takeAgain();
    await eventually(async () => expect(await lowered(here.node, id)).toEqual([1, 2]));
    expect(lowering.executions.map(({ handler }) => handler === here.node.get(LowerCounterHandler))).toEqual([
      true,
      true,
    ]);
  });
});

/** A claim lasts for three leases, in ms. */
const LEASE = 1_000;

describe.each(DATABASE_KINDS)('the outbox of two processes on %s', (kind) => {
  let nodes: CounterNodes;
  let held: ReturnType<typeof gate>;

  beforeAll(async () => {
    nodes = await CounterNodes.prepare(kind, { providers: LEVELLING_PROVIDERS });
  });

  beforeEach(() => {
    reaction.to = lowerIt;
    held = gate();
  });

  afterEach(async () => {
    held.open();
    lowering.before = () => undefined;
    await nodes.stopAll();
  });

  afterAll(() => nodes.drop());

  it('does not take over a command from a slow process that renews its claim', async () => {
    const first = await nodes.start({ leaseTtl: LEASE });
    await nodes.start({ leaseTtl: LEASE });
    let begun = 0;
    lowering.before = async () => {
      begun += 1;
      await held.opened;
    };
    const id = await open(first);
    await raise(first, id);
    await eventually(() => expect(begun).toBe(1));
    const [before] = await nodes.outbox();
    // Without renewals the claim would have expired.
    await eventually(() => expect(Date.now()).toBeGreaterThan(Number(before!.due_at)));
    expect(Number((await nodes.outbox())[0]!.due_at)).toBeGreaterThan(Number(before!.due_at));
    expect(begun).toBe(1);
    held.open();
    await eventually(async () => expect(await nodes.outbox()).toEqual([]));
    expect(await lowered(first, id)).toEqual([1]);
  });

  it('executes each command once with two processes', async () => {
    const [first, second] = [await nodes.start(), await nodes.start()];
    lowering.executions = [];
    lowering.before = () => held.opened;
    const ids = await Promise.all(Array.from({ length: 24 }, () => open(first)));
    for (const id of ids) await raise(first, id);
    // There are more than one process executes at once, so the other claims the rest. Either may have the saga.
    await eventually(async () => {
      for (const node of [first, second]) node.get(OutboxWorker).check();
      const owners = (await nodes.outbox()).flatMap(({ claimed_by }) => claimed_by ?? []);
      expect(new Set(owners).size).toBe(2);
    });
    held.open();
    for (const id of ids) for (let by = 2; by <= 2; by++) await raise(first, id, by);

    for (const id of ids) await eventually(async () => expect(await lowered(first, id)).toEqual([1, 2]));
    await eventually(async () => expect(await nodes.outbox()).toEqual([]));
    // A handler runs again when the other process has written to the same counter meanwhile.
    expect(new Set(lowering.executions.map(({ commandId }) => commandId)).size).toBe(48);
    expect(new Set(lowering.executions.map(({ handler }) => handler)).size).toBe(2);
  });
});
