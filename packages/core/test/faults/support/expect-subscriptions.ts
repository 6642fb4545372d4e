import { ALARM } from '../../counters/counter-alarm.js';
import type { AppProcess } from '../../support/app-process.js';
import { eventually } from '../../support/eventually.js';
import { type AlarmCall, firstsByStream, positionsOf } from './alarm-calls.js';
import { projected, replayed } from './projected.js';
import { type Counting, SUBSCRIPTIONS } from './counting.js';

/** Every event is handled: counted once, in order, and never repeated where that is guaranteed. */
export async function expectCaughtUp(counting: Counting, limit?: number): Promise<void> {
  const { node, counterIds } = counting;
  const position = await node.log.head();
  await eventually(async () => {
    for (const name of SUBSCRIPTIONS) expect(await node.status(name)).toMatchObject({ name, position, state: 'live' });
  }, limit);
  const raised = await counting.raised();
  await eventually(async () =>
    expect(await node.status(ALARM)).toMatchObject({
      handled: raised.length,
      parked: 0,
      discarded: 0,
      lastError: null,
    }),
  );
  expect(await node.status('counters.greeter')).toMatchObject({ handled: counterIds.length, parked: 0 });
  expect(await node.deadLetters.list(undefined, 10)).toEqual([]);
  await expectReplay(counting);
  const done = await counting.calls('done');
  expect(positionsOf(done)).toEqual(raised);
  expectInOrder(done);
}

/** At any time, the rows equal those of a replay up to the checkpoint. */
export async function expectReplay({ database, node }: Counting): Promise<number> {
  const found = await projected(database);
  expect(found).toEqual(await replayed(node.log, found.position));
  return found.position;
}

/** Within a stream, events were first handled in order. */
export function expectInOrder(done: readonly AlarmCall[]): void {
  for (const [stream, positions] of firstsByStream(done)) {
    expect({ stream, positions }).toEqual({ stream, positions: positions.toSorted((a, b) => a - b) });
  }
}

export function expectOwner(
  counting: Counting,
  { pid }: Pick<AppProcess, 'pid'>,
  names: readonly string[] = SUBSCRIPTIONS,
  limit?: number,
): Promise<void> {
  const expected = Object.fromEntries(names.map((name) => [name, pid]));
  return eventually(async () => expect(await counting.owners(names)).toEqual(expected), limit);
}
