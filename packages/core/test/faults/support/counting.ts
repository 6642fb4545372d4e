import type { RecordedEvent } from '@leftfold/core';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StreamAppend } from '../../../src/event-log/event-log.js';
import { ALARM, alarm } from '../../counters/counter-alarm.js';
import { CounterNode } from '../../counters/counter-node.js';
import { undisturbed } from '../../counters/counter-nodes.js';
import { OpenCounterCommand } from '../../counters/counter.js';
import { createKernelDatabase } from '../../counters/kernel-database.js';
import { spreadIds } from '../../counters/spread-ids.js';
import { AppProcess, killLeftovers } from '../../support/app-process.js';
import type { DatabaseKind, TestDatabase } from '../../support/databases.js';
import { eventually } from '../../support/eventually.js';
import { kernelProgram } from '../../support/kernel-programs.js';
import { runSql } from '../../support/stored-rows.js';
import { type AlarmCall, noteAlarmCall, readAlarmCalls } from './alarm-calls.js';
import { feature, type Parts, type ProcessSettings } from './counting-settings.js';
import type { KillPoint } from './kill-points.js';
import { type Projected, projected, readUpTo, replayed } from './projected.js';
import type { Seed } from './seed.js';

export const VIEW = 'counters.counter-view';
export const SUBSCRIPTIONS = [VIEW, ALARM, 'counters.greeter'] as const;

/** How long a process may take to start on a busy machine, in ms. */
export const START_LIMIT = 40_000;
const COUNTERS = 8;

/** Databases that processes of `counting-program.ts` share, with a node in this process that writes and reads. */
export class Counting {
  private appending: { going: boolean; readonly loops: Promise<void>[] } = { going: false, loops: [] };

  private constructor(
    readonly database: TestDatabase,
    readonly node: CounterNode,
    readonly counterIds: readonly string[],
    private readonly seed: Seed,
  ) {}

  static async open(kind: DatabaseKind, seed: Seed, parts: Parts = {}): Promise<Counting> {
    const database = await createKernelDatabase(kind, { separateViews: kind === 'postgres' });
    const node = await CounterNode.start(database, { runSubscriptions: false }, feature(parts));
    const counterIds = spreadIds(COUNTERS);
    for (const id of counterIds) await node.commands.execute(new OpenCounterCommand(id, id));
    return new Counting(database, node, counterIds, seed);
  }

  async close(): Promise<void> {
    await this.stopAppending();
    await killLeftovers();
    await this.node.stop();
    await this.database.drop();
  }

  async spawn(settings: ProcessSettings): Promise<AppProcess> {
    const { url, viewsUrl, folder } = this.database;
    return AppProcess.spawn({
      script: await kernelProgram('counting'),
      args: [url, viewsUrl, folder, JSON.stringify(settings)],
      env: { FAULTS_SEED: String(this.seed.between(0, 2 ** 31)) },
    });
  }

  async start(settings: ProcessSettings): Promise<AppProcess> {
    const child = await this.spawn(settings);
    await child.waitFor(/counting/, START_LIMIT);
    return child;
  }

  /** One process that owns everything, and a standby. */
  async startTwo(settings: ProcessSettings): Promise<[AppProcess, AppProcess]> {
    return [await this.startOwner(settings), await this.start(settings)];
  }

  /** A process that owns everything. */
  async startOwner(settings: ProcessSettings): Promise<AppProcess> {
    const owner = await this.start(settings);
    await eventually(async () => {
      const pids = Object.values(await this.owners());
      if (pids.some((pid) => pid !== owner.pid)) throw new Error(`${owner.pid} has not all of ${pids.join()}`);
    });
    return owner;
  }

  /** A process that kills itself. */
  async killedAt(
    point: KillPoint,
    nth: number,
    settings: ProcessSettings,
    meanwhile = async (): Promise<void> => undefined,
  ): Promise<void> {
    const child = await this.spawn({ ...settings, kill: { point, nth } });
    await meanwhile();
    const { signal } = await child.exited;
    if (signal !== 'SIGKILL' || child.stderr) throw new Error(`It never came to "${point}":\n${child.stderr}`);
  }

  /** Runs the subscriptions in this process while `work` runs. The alarm logs its calls. */
  async surviving(
    { leaseTtl, ...parts }: ProcessSettings,
    work: (survivor: CounterNode) => Promise<void>,
  ): Promise<void> {
    alarm.before = (call) => {
      noteAlarmCall(this.database.folder, call, 'begun');
      noteAlarmCall(this.database.folder, call, 'done');
    };
    const survivor = await CounterNode.start(this.database, { leaseTtl }, feature(parts));
    try {
      await work(survivor);
    } finally {
      await survivor.stop();
      undisturbed();
    }
  }

  /** Raises counters at random, in one append. Returns the position of each event. */
  async appendTogether(count: number): Promise<number[]> {
    const streams = new Map<string, StreamAppend['events'][number][]>();
    for (let n = 0; n < count; n++) {
      const counterId = this.seed.pick(this.counterIds);
      const event = { type: 'counters.counter-raised', data: { counterId, by: this.seed.between(1, 9) } };
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

  /** Raises counters endlessly, a hundred or two a second. */
  keepAppending(): void {
    const state = { going: true, loops: [] as Promise<void>[] };
    const loop = async (): Promise<void> => {
      while (state.going) {
        await this.appendTogether(this.seed.between(1, 3));
        await sleep(this.seed.between(5, 35));
      }
    };
    state.loops.push(loop(), loop());
    this.appending = state;
  }

  async stopAppending(): Promise<void> {
    this.appending.going = false;
    await Promise.all(this.appending.loops);
  }

  /** @param pids of the processes to block; default: all */
  async steer(what: string, position: number, ...pids: number[]): Promise<void> {
    const file = join(this.database.folder, `${what}-${position}`);
    await writeFile(`${file}.new`, pids.join(' '));
    await rename(`${file}.new`, file);
  }

  async release(what: string, position: number): Promise<void> {
    await rm(join(this.database.folder, `${what}-${position}`));
  }

  /** Ends the failures of handlers. */
  async calm(): Promise<void> {
    await writeFile(join(this.database.folder, 'calm'), '');
  }

  calls(what: AlarmCall['what']): Promise<AlarmCall[]> {
    return readAlarmCalls(this.database.folder, what);
  }

  async events(upTo?: number): Promise<RecordedEvent[]> {
    return readUpTo(this.node.log, upTo ?? (await this.node.log.head()));
  }

  /** The events for which the alarm must ring. */
  async raised(): Promise<number[]> {
    return (await this.events())
      .filter(({ type }) => type === 'counters.counter-raised')
      .map(({ position }) => position);
  }

  projected(): Promise<Projected> {
    return projected(this.database);
  }

  replayed(upTo: number): Promise<Projected> {
    return replayed(this.node.log, upTo);
  }

  /** The row of state of the alarm. */
  async alarmState(): Promise<{ position: number; epoch: number; handled: number; parked: number }> {
    const [row] = await runSql(this.database.url, `select * from leftfold_subscriptions where name = '${ALARM}'`);
    const { position, epoch, handled, parked } = row!;
    return { position: Number(position), epoch: Number(epoch), handled: Number(handled), parked: Number(parked) };
  }

  /** The process that owns each of these, by its id. */
  async owners(names: readonly string[] = SUBSCRIPTIONS): Promise<Record<string, number | undefined>> {
    const found = await Promise.all(names.map((name) => this.node.status(name)));
    return Object.fromEntries(
      found.map(({ name, owner }) => [name, owner ? Number(owner.split('/').at(-2)) : undefined]),
    );
  }
}
