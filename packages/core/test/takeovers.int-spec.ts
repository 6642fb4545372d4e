import { EventLogUnavailableError } from '../src/index.js';
import { RunnerFactory } from '../src/operations/runner-factory.js';
import type { SubscriptionRunner } from '../src/subscriptions/runners/subscription-runner.js';
import { readModelsOf } from '../src/read-models/read-model-subscription.js';
import { SubscriptionRegistry } from '../src/subscriptions/subscription-registry.js';
import { DATABASE_KINDS } from './support/databases.js';
import { eventually } from './support/eventually.js';
import { ALARM, alarm, CounterAlarm } from './counters/counter-alarm.js';
import type { CounterNode } from './counters/counter-node.js';
import { CounterNodes, open, raise } from './counters/counter-nodes.js';

describe.each(DATABASE_KINDS)('a takeover from a process that may have crashed, on %s', (kind) => {
  let nodes: CounterNodes;
  let node: CounterNode;
  let runner: SubscriptionRunner;
  let raised: number[];

  /** The row of state of the alarm. */
  const row = async () => (await nodes.sql(`select * from leftfold_subscriptions where name = '${ALARM}'`))[0]!;

  /** Runs it once, with a log that does not answer, until the runner gives up. */
  const runWithoutLog = async (runner: SubscriptionRunner): Promise<void> => {
    const { log } = node;
    const [readAll, id] = [log.readAll.bind(log), log.id.bind(log)];
    const fail = (): Promise<never> => Promise.reject(new EventLogUnavailableError('The database does not answer.'));
    Object.assign(log, { readAll: fail, id: fail });
    runner.start(false);
    await eventually(() => expect(runner.isRunning).toBe(false));
    Object.assign(log, { readAll, id });
  };

  beforeEach(async () => {
    nodes = await CounterNodes.prepare(kind, { providers: [CounterAlarm] });
    node = await nodes.start({ runSubscriptions: false });
    const id = await open(node);
    raised = [await raise(node, id), await raise(node, id), await raise(node, id)];
    const [subscription] = node.get(SubscriptionRegistry).parking;
    runner = node.get(RunnerFactory).ofParking(subscription!);
    await nodes.sql(`update leftfold_subscriptions set owner = 'crashed', epoch = epoch + 1, expires_at = 0`);
  });

  afterEach(() => nodes.drop());

  it('still searches for the poison event when the database was away right after the takeover', async () => {
    await runWithoutLog(runner);
    expect(await row()).toMatchObject({ owner: null, attempts: 1 });
    const counted: unknown[] = [];
    alarm.before = async () => void counted.push(Number((await row()).attempt_position));

    runner.start(false);

    await eventually(() => expect(alarm.calls.map(({ position }) => position)).toEqual(raised));
    await runner.stop();
    expect(counted).toEqual(raised);
    expect(await row()).toMatchObject({ owner: null, attempts: 0 });
  });

  it('counts a crash during a rebuild, also when the database was away right after the takeover', async () => {
    const [readModel] = readModelsOf(node.get(SubscriptionRegistry));
    const rebuilder = node.get(RunnerFactory).ofReadModel(readModel!);
    const state = async () => (await nodes.viewsSql('select rebuild, rebuild_deaths from leftfold_read_models'))[0];
    const crash = `set owner = 'crashed', epoch = epoch + 1, expires_at = 0, rebuild = 'running'`;
    await nodes.viewsSql(`update leftfold_read_models ${crash}, rebuild_deaths = 8`);

    await runWithoutLog(rebuilder);
    expect(await state()).toEqual({ rebuild: 'running', rebuild_deaths: 9 });

    await nodes.viewsSql(`update leftfold_read_models ${crash}`);
    rebuilder.start(false);
    await eventually(async () => expect(await state()).toEqual({ rebuild: 'failed', rebuild_deaths: 10 }));
    await rebuilder.stop();
  });

  it('does not search again after a checkpoint, when the lease was released in order', async () => {
    runner.start(false);
    await eventually(() => expect(alarm.calls).toHaveLength(raised.length));
    await runner.stop();
    const counted: unknown[] = [];
    alarm.before = async () => void counted.push((await row()).attempt_position);
    const later = await raise(node, await open(node));

    runner.start(false);

    await eventually(() => expect(alarm.calls.at(-1)?.position).toBe(later));
    await runner.stop();
    expect(counted).toEqual([null]);
  });
});
