import { ALARM } from '../../counters/counter-alarm.js';
import { TALLY } from '../../counters/tally-projection.js';
import type { AppProcess } from '../../support/app-process.js';
import type { DatabaseKind } from '../../support/databases.js';
import { Counting, VIEW } from './counting.js';
import type { Seed } from './seed.js';

export const NAMES = [VIEW, TALLY, ALARM] as const;
const SETTINGS = { tally: 1, leaseTtl: 1_500, attempts: 2, failures: 0.02 };

/** Two processes that run subscriptions, and random faults. */
export class Chaos {
  /** Processes that were killed: their last work may be repeated. */
  readonly killed = new Set<number>();
  private readonly ended: AppProcess[] = [];
  /** Positions of discarded events. */
  readonly discarded: number[] = [];
  readonly told: string[] = [];

  private constructor(
    readonly counting: Counting,
    private readonly seed: Seed,
    private readonly processes: AppProcess[],
  ) {}

  static async begin(kind: DatabaseKind, seed: Seed): Promise<Chaos> {
    const counting = await Counting.open(kind, seed, SETTINGS);
    return new Chaos(counting, seed, await Promise.all([counting.start(SETTINGS), counting.start(SETTINGS)]));
  }

  /** One random step. */
  async step(): Promise<void> {
    const { subscriptions } = this.counting.node;
    const name = this.seed.pick(NAMES);
    const chance = this.seed.random();
    if (chance < 0.5) return this.append();
    if (chance < 0.62) return this.tell(`pause ${name}`, subscriptions.pause(name));
    if (chance < 0.8) return this.tell(`resume ${name}`, subscriptions.resume(name));
    if (chance < 0.9) return this.rebuild();
    return this.decide();
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const at = this.seed.between(0, this.processes.length - 1);
    const process = this.processes[at]!;
    if (signal === 'SIGKILL') this.killed.add(process.pid);
    await this.tell(`${signal} ${at}`, signal === 'SIGKILL' ? process.kill() : process.stop());
    this.ended.push(process);
    this.processes[at] = await this.counting.start(SETTINGS);
  }

  /** Processes that were so slow that the other one took over from them: their last work may be repeated, too. */
  get overtaken(): ReadonlySet<number> {
    const all = [...this.ended, ...this.processes];
    return new Set(all.filter(({ output }) => output.includes(`"${ALARM}" was taken over`)).map(({ pid }) => pid));
  }

  /** Ends all failures and pauses. */
  async calm(): Promise<void> {
    await this.counting.calm();
    for (const name of NAMES) await this.counting.node.subscriptions.resume(name);
  }

  async retryDeadLetters(): Promise<void> {
    const { deadLetters } = this.counting.node;
    for (const { id } of await deadLetters.list(undefined, 100)) await deadLetters.retry(id);
  }

  async stopProcesses(): Promise<(number | null)[]> {
    const exits = await Promise.all(this.processes.map((each) => each.stop()));
    return exits.map(({ code }) => code);
  }

  private async append(): Promise<void> {
    const count = this.seed.between(1, 40);
    await this.tell(`append ${count}`, this.counting.appendTogether(count));
  }

  private async rebuild(): Promise<void> {
    const name = this.seed.pick([VIEW, TALLY]);
    await this.tell(`rebuild ${name}`, this.counting.node.subscriptions.rebuild(name));
  }

  /** An operator handles the first dead letter, if there is one. */
  private async decide(): Promise<void> {
    const { deadLetters } = this.counting.node;
    const [letter] = await deadLetters.list(undefined, 1);
    if (!letter) return;
    const { id, position } = letter;
    if (this.seed.random() < 0.7) return this.tell(`retry ${position}`, deadLetters.retry(id));
    await this.tell(`discard ${position}`, deadLetters.discard(id));
    this.discarded.push(position);
  }

  private async tell(what: string, work: Promise<unknown>): Promise<void> {
    await work;
    this.told.push(what);
  }
}
