import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { ALARM, CounterAlarm } from '../../kernel/counters/counter-alarm.js';
import { CounterNode } from '../../kernel/counters/counter-node.js';
import { OpenCounterCommand } from '../../kernel/counters/counter.js';
import { TALLY, tallies } from '../../kernel/counters/tally-projection.js';
import { AppProcess, killLeftovers } from '../../support/app-process.js';
import { compileProgram } from '../../support/compiled-program.js';
import { createTestDatabase, type DatabaseKind, type TestDatabase } from '../../support/databases.js';
import type { Seed } from './seed.js';
import { VIEW } from './subscribing.js';

export const NAMES = [VIEW, TALLY, ALARM] as const;
const LEASE_TTL = 600;
const COUNTERS = 9;

let program: Promise<string> | undefined;

/** Two processes that run subscriptions, a node in this one that writes and asks, and the steps that befall them. */
export class Chaos {
  /** Processes that were given no time to say goodbye: what they did last may be done again. */
  readonly killed = new Set<number>();
  /** Positions of events that were given up. */
  readonly discarded: number[] = [];
  readonly told: string[] = [];
  private processes: AppProcess[] = [];

  private constructor(
    readonly database: TestDatabase,
    readonly node: CounterNode,
    readonly counterIds: readonly string[],
    private readonly seed: Seed,
  ) {}

  static async begin(kind: DatabaseKind, seed: Seed): Promise<Chaos> {
    const database = await createTestDatabase(kind, { separateViews: kind === 'postgres' });
    const { imports, providers } = tallies();
    const extra = { imports, providers: [...(providers ?? []), CounterAlarm] };
    const node = await CounterNode.start(database, { runSubscriptions: false }, extra);
    const counterIds = Array.from({ length: COUNTERS }, () => uuidv7());
    for (const id of counterIds) await node.commands.execute(new OpenCounterCommand(id, id));
    const chaos = new Chaos(database, node, counterIds, seed);
    chaos.processes = await Promise.all([chaos.spawn(), chaos.spawn()]);
    return chaos;
  }

  /** One thing, at random. */
  async step(): Promise<void> {
    const name = this.seed.pick(NAMES);
    const chance = this.seed.random();
    if (chance < 0.45) return this.append();
    if (chance < 0.57) return this.tell(`pause ${name}`, this.node.subscriptions.pause(name));
    if (chance < 0.75) return this.tell(`resume ${name}`, this.node.subscriptions.resume(name));
    if (chance < 0.84) return this.rebuild();
    if (chance < 0.87) return this.end('SIGTERM');
    if (chance < 0.93) return this.end('SIGKILL');
    return this.decide();
  }

  /** Nothing fails any more, nothing is paused, and every dead letter is tried again. */
  async calm(): Promise<void> {
    await writeFile(join(this.database.folder, 'calm'), '');
    for (const name of NAMES) await this.node.subscriptions.resume(name);
  }

  async retryDeadLetters(): Promise<void> {
    for (const { id } of await this.node.deadLetters.list(undefined, 100)) await this.node.deadLetters.retry(id);
  }

  async stopProcesses(): Promise<(number | null)[]> {
    const exits = await Promise.all(this.processes.map((each) => each.stop()));
    return exits.map(({ code }) => code);
  }

  async close(): Promise<void> {
    await killLeftovers();
    await this.node.stop();
    await this.database.drop();
  }

  /** What the alarm did, in the order in which it did. */
  async calls(): Promise<{ pid: number; position: number; stream: string }[]> {
    const lines = (await readFile(join(this.database.folder, 'calls'), 'utf8')).split('\n').slice(0, -1);
    return lines
      .map((line) => line.split(' ') as [string, string, string])
      .map(([pid, position, stream]) => ({ pid: Number(pid), position: Number(position), stream }));
  }

  private async append(): Promise<void> {
    const count = this.seed.between(1, 80);
    const raises = Array.from({ length: count }, () => this.seed.pick(this.counterIds));
    const appended = raises.map((counterId) =>
      this.node.log.append([
        {
          stream: `counter-${counterId}`,
          expected: 'any',
          events: [{ type: 'counters.counter-raised', data: { counterId, by: this.seed.between(1, 9) } }],
        },
      ]),
    );
    await this.tell(`append ${count}`, Promise.all(appended));
  }

  private async rebuild(): Promise<void> {
    const name = this.seed.pick([VIEW, TALLY]);
    await this.tell(`rebuild ${name}`, this.node.subscriptions.rebuild(name));
  }

  private async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const at = this.seed.between(0, this.processes.length - 1);
    const process = this.processes[at]!;
    if (signal === 'SIGKILL') this.killed.add(process.pid);
    await this.tell(`${signal} ${at}`, signal === 'SIGKILL' ? process.kill() : process.stop());
    this.processes[at] = await this.spawn();
  }

  /** An operator looks at the first dead letter, if there is one. */
  private async decide(): Promise<void> {
    const [letter] = await this.node.deadLetters.list(undefined, 1);
    if (!letter) return;
    if (this.seed.random() < 0.7) return this.tell(`retry ${letter.position}`, this.node.deadLetters.retry(letter.id));
    await this.tell(`discard ${letter.position}`, this.node.deadLetters.discard(letter.id));
    this.discarded.push(letter.position);
  }

  private async tell(what: string, work: Promise<unknown>): Promise<void> {
    await work;
    this.told.push(what);
  }

  private async spawn(): Promise<AppProcess> {
    program ??= compileProgram('test/faults/support/chaos-program.ts');
    const { url, viewsUrl, folder } = this.database;
    const process = await AppProcess.spawn({
      script: await program,
      args: [url, viewsUrl, folder, String(LEASE_TTL)],
      env: { FAULTS_SEED: String(this.seed.between(0, 2 ** 31)) },
    });
    await process.waitFor(/in chaos/);
    return process;
  }
}
