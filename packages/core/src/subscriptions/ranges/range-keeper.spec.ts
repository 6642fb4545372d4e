import type { EventLog } from '../../event-log/event-log.js';
import type { Telemetry } from '../../telemetry.js';
import type { LogTail } from '../log-tail.js';
import type { Delivery } from '../runners/delivery.js';
import { SubscriptionRunner } from '../runners/subscription-runner.js';
import type { LeasedStates } from '../states/leased-states.js';
import type { SubscriptionRow } from '../states/subscription-row.js';
import type { Subscription } from '../subscription.js';
import type { Nodes } from './nodes.js';
import { RangeKeeper } from './range-keeper.js';
import { NO_PROGRESS, type RangeRow } from './range-row.js';

const SHARED = { name: 'orders.mail', kind: 'side-effect', types: [], partitioned: true } as unknown as Subscription;
const NODES = { id: 'b', running: () => [{ id: 'a' }, { id: 'b' }] } as unknown as Nodes;

const range = (first: number, last: number, owner: string | null): RangeRow => ({
  first,
  last,
  owner,
  isFree: owner === null,
  position: 10,
  done: [],
  epoch: first + 1,
  progress: NO_PROGRESS,
});

/** The row of state after the other node has given back the share of this one. */
const ROW = {
  name: SHARED.name,
  halted: null,
  ranges: [range(0, 511, 'a'), range(512, 1023, null)],
} as unknown as SubscriptionRow;

/** A runner whose claims end when the test says so, and get nothing. */
function claiming() {
  const claims: (() => void)[] = [];
  const states = {
    claim: () => new Promise((resolve) => claims.push(() => resolve(undefined))),
  } as unknown as LeasedStates;
  const runner = new SubscriptionRunner(
    SHARED,
    {} as Delivery,
    states,
    {} as EventLog,
    { wakeAll: () => undefined } as LogTail,
    {} as Telemetry,
  );
  return { runner, claims };
}

const turns = () => new Promise((resolve) => setImmediate(resolve));

it('looks again after a claim during which another node gave back what it missed', async () => {
  const { runner, claims } = claiming();
  const woken: string[] = [];
  const keeper = new RangeKeeper(
    NODES,
    () => undefined,
    () => {
      woken.push('woken');
      // The host reads the rows first.
      setImmediate(() => keeper.act(runner, ROW, false));
    },
  );
  keeper.act(runner, ROW, false);
  expect(claims).toHaveLength(1);

  // Two announcements arrive while the claim is under way, which has read the rows already.
  keeper.act(runner, ROW, false);
  keeper.act(runner, ROW, false);
  expect(woken).toEqual([]);
  claims[0]!();
  await turns();
  await turns();

  expect(woken).toHaveLength(1);
  expect(claims).toHaveLength(2);
  claims[1]!();
  await runner.stop();
});

it('does not look again after a claim during which nothing was announced', async () => {
  const { runner, claims } = claiming();
  const woken: string[] = [];
  const keeper = new RangeKeeper(
    NODES,
    () => undefined,
    () => void woken.push('woken'),
  );
  keeper.act(runner, ROW, false);

  claims[0]!();
  await turns();

  expect(woken).toEqual([]);
  await runner.stop();
});
