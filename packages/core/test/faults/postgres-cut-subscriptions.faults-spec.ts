import { EventLogUnavailableError } from '@leftfold/core';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { ALARM, alarm, CounterAlarm } from '../counters/counter-alarm.js';
import { CounterNode } from '../counters/counter-node.js';
import { undisturbed } from '../counters/counter-nodes.js';
import { createKernelDatabase } from '../counters/kernel-database.js';
import type { TestDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { runSql } from '../support/stored-rows.js';
import { cutConnections } from './support/cut-connections.js';
import { projected, readUpTo, replayed } from './support/projected.js';
import { type Seed, seedOf } from './support/seed.js';

const COUNTERS = 8;
const CUTS = 12;

let database: TestDatabase;
let writer: CounterNode;
let worker: CounterNode;
const counterIds = Array.from({ length: COUNTERS }, () => uuidv7());

beforeEach(async () => {
  // Files of one worker share the module.
  undisturbed();
  database = await createKernelDatabase('postgres', { separateViews: true });
  const feature = { providers: [CounterAlarm] };
  writer = await CounterNode.start(database, { runSubscriptions: false }, feature);
  worker = await CounterNode.start(database, { leaseTtl: 1_500 }, feature);
});

afterEach(async () => {
  await worker.stop();
  await writer.stop();
  await database.drop();
  undisturbed();
});

describe('while PostgreSQL cuts the connections of a process that runs subscriptions', () => {
  it('every event is handled, and counted once', async () => {
    const seed = seedOf('cut subscriptions');
    const appends = { going: true };
    const failed = new Set<number>();
    alarm.before = ({ position }) => {
      // Parked events must survive the cuts, too.
      if (position % 10 !== 0 || failed.has(position)) return;
      failed.add(position);
      throw new Error('no answer');
    };
    const appending = [appendWhile(appends, seed), appendWhile(appends, seed)];

    let cut = 0;
    for (let n = 0; n < CUTS; n++) {
      await sleep(seed.between(10, 120));
      cut += await cutConnections(database, seed.pick([0.3, 0.6, 1]));
    }
    // Some events are parked.
    await eventually(() => expect(failed.size).toBeGreaterThan(0));
    appends.going = false;
    await Promise.all(appending);

    const position = await eventually(() => writer.log.head());
    const handled = position;
    const settled = { state: 'live', position, handled, parked: 0, discarded: 0, lastError: null };
    await eventually(async () => expect(await writer.status()).toMatchObject(settled));
    await eventually(async () => expect(await writer.status(ALARM)).toMatchObject(settled));
    expect(await writer.deadLetters.list(undefined, 10)).toEqual([]);
    expect(await projected(database)).toEqual(await replayed(writer.log, position));
    const events = await readUpTo(writer.log, position);
    expect(new Set(alarm.calls.map((call) => call.position))).toEqual(new Set(events.map((event) => event.position)));
    expectFirstCallsInOrder();
    const repeated = alarm.calls.length - position;
    seed.print(
      `${cut} connections cut in ${CUTS} turns; ${position} events, ${repeated} effects repeated, ${failed.size} parked`,
    );
  });

  it('a retried event whose success could not be stored is no dead letter', async () => {
    let throws = 1;
    alarm.before = () => {
      if (throws-- > 0) throw new Error('no answer');
    };
    // Both remaining attempts succeed, and lose their connection when the success is stored.
    await runSql(
      database.url,
      `create sequence cuts;
       create function cut() returns trigger language plpgsql as
         $$ begin if nextval('cuts') <= 2 then perform pg_terminate_backend(pg_backend_pid()); end if; return old; end $$;
       create trigger cuts before delete on leftfold_parked_events for each row execute function cut()`,
    );
    await appendOne(counterIds[0]!);
    await eventually(async () =>
      expect(await writer.status(ALARM)).toMatchObject({ position: 1, handled: 1, parked: 0, lastError: null }),
    );
    expect(await writer.deadLetters.list(undefined, 10)).toEqual([]);
    expect(await runSql(database.url, 'select last_value from cuts')).toEqual([{ last_value: '3' }]);
  });
});

async function appendWhile(state: { readonly going: boolean }, seed: Seed): Promise<void> {
  while (state.going) {
    await appendOne(seed.pick(counterIds), seed.between(1, 9));
    await sleep(seed.between(0, 5));
  }
}

/** Retries until it is stored. */
async function appendOne(counterId: string, by = 1): Promise<void> {
  const commandId = uuidv7();
  const event = { type: 'counters.counter-raised', data: { counterId, by } };
  for (;;) {
    try {
      await writer.log.append([{ stream: `counter-${counterId}`, expected: 'any', events: [event] }], { commandId });
      return;
    } catch (error) {
      if (!(error instanceof EventLogUnavailableError)) throw error;
    }
  }
}

function expectFirstCallsInOrder(): void {
  for (const id of counterIds) {
    const positions = [
      ...new Set(alarm.calls.filter(({ counterId }) => counterId === id).map((call) => call.position)),
    ];
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
  }
}
