import { ENGINE_OF } from '../contestants.js';
import type { Engine, Target } from '../contract.js';
import type { Workload } from '../workloads/workload.js';
import type { BenchDatabases } from './databases.js';
import type { Job, Outcome } from './job.js';
import type { Results } from './results.js';
import { shuffled } from './statistics.js';

export interface Plan {
  readonly engines: readonly Engine[];
  readonly rounds: number;
  readonly isQuick: boolean;
  readonly growth?: readonly number[] | undefined;
  readonly against: string | undefined;
  /** Contestants that are there. */
  readonly available: ReadonlySet<string>;
  readonly random: () => number;
}

/** Runs workloads: all contestants in turns within a round, each in a process of its own. */
export class Rounds {
  isStopped = false;
  /** Filled databases, by data, engine and contestant. */
  private readonly filled = new Map<string, Promise<Target | undefined>>();

  constructor(
    private readonly plan: Plan,
    private readonly databases: BenchDatabases,
    private readonly results: Results,
    private readonly say: (progress: string) => void,
    private readonly runInProcess: (job: Job, checkout?: string) => Promise<Outcome>,
  ) {}

  async run(workload: Workload, among = this.plan.engines): Promise<void> {
    const engines = among.filter((engine) => (workload.engines ?? among).includes(engine));
    for (const engine of engines) {
      const turns = this.contestantsOf(workload, engine).map((contestant) => ({ contestant, isOut: false }));
      const rounds = workload.isOnce ? 1 : this.plan.rounds;
      for (let round = 0; round < rounds; round++) {
        for (const turn of shuffled(turns, this.plan.random)) {
          if (turn.isOut || this.isStopped) continue;
          const at = `${workload.id} on ${engine}, round ${round + 1} of ${rounds}: ${turn.contestant}`;
          this.say(at);
          const outcome = await this.turn(workload, engine, turn.contestant);
          turn.isOut = !this.take(workload, engine, turn.contestant, round, outcome, at);
        }
      }
    }
  }

  /** No turn begins any more, and the one that is under way does not count. */
  stop(): void {
    this.isStopped = true;
  }

  async dropFilled(engines = this.plan.engines): Promise<void> {
    for (const [key, target] of this.filled) {
      const found = await target;
      if (found && !engines.includes(found.engine)) continue;
      this.filled.delete(key);
      if (found) await this.databases.drop(found);
    }
  }

  private contestantsOf({ contestants }: Workload, engine: Engine): string[] {
    const there = contestants.filter((name) => this.plan.available.has(name) && (ENGINE_OF[name] ?? engine) === engine);
    return this.plan.against !== undefined && there.includes('leftfold') ? [...there, 'against'] : there;
  }

  /** Returns whether the contestant goes on. After a wrong result it does: the next one shows how often it is wrong. */
  private take(
    { rows }: Workload,
    engine: Engine,
    contestant: string,
    round: number,
    { figures = {}, wrong, error }: Outcome,
    at: string,
  ): boolean {
    if (this.isStopped) return false;
    if (wrong !== undefined) this.results.wrong.push(`WRONG RESULT, ${at}: ${wrong}`);
    if (error !== undefined) this.results.wrong.push(`FAILED, ${at}: ${error}`);
    for (const row of rows) {
      const figure = figures[row.key];
      if (figure) this.results.add(engine, row, contestant, round, figure);
      if (wrong !== undefined) this.results.addWrong(engine, row, contestant, round);
    }
    return error === undefined;
  }

  private async turn(workload: Workload, engine: Engine, contestant: string): Promise<Outcome> {
    const template = workload.data ? await this.fill(workload, engine, contestant) : undefined;
    if (workload.data && !template) return { error: 'its database could not be filled' };
    if (template && !workload.writes) return this.job('run', workload, contestant, template);
    const target = await this.databases.create(engine, template);
    try {
      return await this.job('run', workload, contestant, target);
    } finally {
      await this.databases.drop(target);
    }
  }

  private fill(workload: Workload, engine: Engine, contestant: string): Promise<Target | undefined> {
    const key = `${workload.data!.name} ${engine} ${contestant}`;
    let target = this.filled.get(key);
    if (!target) this.filled.set(key, (target = this.filledBy(workload, engine, contestant)));
    return target;
  }

  private async filledBy(workload: Workload, engine: Engine, contestant: string): Promise<Target | undefined> {
    this.say(`${workload.id} on ${engine}: filling for ${contestant}`);
    const target = await this.databases.create(engine);
    const { error } = await this.job('fill', workload, contestant, target);
    if (error !== undefined) {
      if (!this.isStopped) this.results.wrong.push(`FAILED to fill for ${contestant} on ${engine}: ${error}`);
      await this.databases.drop(target);
      return undefined;
    }
    await this.databases.settle(target);
    return target;
  }

  private job(phase: 'fill' | 'run', { id }: Workload, contestant: string, target: Target): Promise<Outcome> {
    const isAgainst = contestant === 'against';
    const name = isAgainst ? 'leftfold' : contestant;
    const { isQuick, growth, against } = this.plan;
    return this.runInProcess(
      { phase, contestant: name, workload: id, target, isQuick, growth },
      isAgainst ? against : undefined,
    );
  }
}
