import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import type { StreamAppend } from '../../../src/event-sourcing/event-log/event-log.js';
import { ALARM, CounterAlarm, CounterGreeter } from '../../kernel/counters/counter-alarm.js';
import { CounterNode } from '../../kernel/counters/counter-node.js';
import { OpenCounterCommand } from '../../kernel/counters/counter.js';
import { AppProcess, killLeftovers } from '../../support/app-process.js';
import { compileProgram } from '../../support/compiled-program.js';
import { createTestDatabase, type DatabaseKind, type TestDatabase } from '../../support/databases.js';
import { eventually } from '../../support/eventually.js';
import { runSql } from '../../support/stored-rows.js';
import { type AlarmCall, readAlarmCalls } from './alarm-calls.js';
import { readUpTo } from './projecting.js';
import type { Seed } from './seed.js';

export const VIEW = 'counters.counter-view';
export const SUBSCRIPTIONS = [VIEW, ALARM, 'counters.greeter'] as const;

export interface SubscribingSettings {
  /** In ms. */
  readonly leaseTtl: number;
  /** How often a process may die of one event; the usual number when left out. */
  readonly deaths?: { readonly view: number; readonly effect: number };
  /** How long the alarm takes for each event, in ms. */
  readonly pause?: number;
}

/** For a process to start on a busy machine, in ms. */
export const START_LIMIT = 40_000;

let program: Promise<string> | undefined;
const COUNTERS = 8;

/** Databases that processes of `subscribing-program.ts` share, with a node in this process that writes and looks. */
export class Subscribing {
  private appending: { going: boolean; readonly loops: Promise<void>[] } = { going: false, loops: [] };

  private constructor(
    readonly database: TestDatabase,
    readonly node: CounterNode,
    readonly counterIds: readonly string[],
  ) {}

  static async open(kind: DatabaseKind): Promise<Subscribing> {
    const database = await createTestDatabase(kind, { separateViews: kind === 'postgres' });
    const providers = [CounterAlarm, CounterGreeter];
    const node = await CounterNode.start(database, { runSubscriptions: false }, { providers });
    const counterIds = Array.from({ length: COUNTERS }, () => uuidv7());
    for (const id of counterIds) await node.commands.execute(new OpenCounterCommand(id, id));
    return new Subscribing(database, node, counterIds);
  }

  async close(): Promise<void> {
    await this.stopAppending();
    await killLeftovers();
    await this.node.stop();
    await this.database.drop();
  }

  async spawn(settings: SubscribingSettings): Promise<AppProcess> {
    program ??= compileProgram('test/faults/support/subscribing-program.ts');
    const { url, viewsUrl, folder } = this.database;
    return AppProcess.spawn({ script: await program, args: [url, viewsUrl, folder, JSON.stringify(settings)] });
  }

  /** One that has everything, and one that stands by. */
  async startTwo(settings: SubscribingSettings): Promise<[AppProcess, AppProcess]> {
    const owner = await this.spawn(settings);
    await owner.waitFor(/subscribing/, START_LIMIT);
    await eventually(async () => {
      const pids = Object.values(await this.owners(SUBSCRIPTIONS));
      if (pids.some((pid) => pid !== owner.pid))
        throw new Error(`${owner.pid} is alone, and owns not all of it: ${pids.join()}`);
    });
    const other = await this.spawn(settings);
    await other.waitFor(/subscribing/, START_LIMIT);
    return [owner, other];
  }

  /** Raises counters at random, in one append. Answers the position of each event. */
  async appendTogether(count: number, seed: Seed): Promise<number[]> {
    const streams = new Map<string, StreamAppend['events'][number][]>();
    for (let n = 0; n < count; n++) {
      const counterId = seed.pick(this.counterIds);
      const event = { type: 'counters.counter-raised', data: { counterId, by: seed.between(1, 9) } };
      streams.set(counterId, [...(streams.get(counterId) ?? []), event]);
    }
    const appends = [...streams].map(([id, events]): StreamAppend => ({
      stream: `counter-${id}`,
      expected: 'any',
      events,
    }));
    const { position } = await this.node.log.append(appends);
    return Array.from({ length: count }, (_, n) => position - count + 1 + n);
  }

  /** Raises counters without an end, a few hundred a second. */
  keepAppending(seed: Seed): void {
    const state = { going: true, loops: [] as Promise<void>[] };
    const loop = async (): Promise<void> => {
      while (state.going) {
        await this.appendTogether(seed.between(1, 3), seed);
        await sleep(seed.between(0, 12));
      }
    };
    state.loops.push(loop(), loop());
    this.appending = state;
  }

  async stopAppending(): Promise<void> {
    this.appending.going = false;
    await Promise.all(this.appending.loops);
  }

  /** @param pids of those who shall wait; all when left out */
  async steer(what: string, position: number, ...pids: number[]): Promise<void> {
    const file = join(this.database.folder, `${what}-${position}`);
    await writeFile(`${file}.new`, pids.join(' '));
    await rename(`${file}.new`, file);
  }

  async release(what: string, position: number): Promise<void> {
    await rm(join(this.database.folder, `${what}-${position}`));
  }

  calls(what: AlarmCall['what']): Promise<AlarmCall[]> {
    return readAlarmCalls(this.database.folder, what);
  }

  /** What the alarm has to ring for. */
  async raised(): Promise<number[]> {
    const events = await readUpTo(this.node.log, await this.node.log.head());
    return events.filter(({ type }) => type === 'counters.counter-raised').map(({ position }) => position);
  }

  /** The row of state of the alarm. */
  async alarmState(): Promise<{ position: number; epoch: number; handled: number; parked: number }> {
    const [row] = await runSql(this.database.url, `select * from subscriptions where name = '${ALARM}'`);
    const { position, epoch, handled, parked } = row!;
    return { position: Number(position), epoch: Number(epoch), handled: Number(handled), parked: Number(parked) };
  }

  /** The process that has each of these, by its id. */
  async owners(names: readonly string[]): Promise<Record<string, number | undefined>> {
    const found = await Promise.all(names.map((name) => this.node.status(name)));
    return Object.fromEntries(
      found.map(({ name, owner }) => [name, owner ? Number(owner.split('/').at(-2)) : undefined]),
    );
  }
}
