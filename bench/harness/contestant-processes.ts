import { CHECKOUT } from './checkout.mjs';
import { ContestantProcess } from './contestant-process.js';
import type { Job, Outcome } from './job.js';

/** Runs jobs: each in a process of its own, or all of a contestant and an engine in one process. */
export class ContestantProcesses {
  private readonly running = new Map<string, ContestantProcess>();

  /** @param areKept whether a process does more than one job. Only for checks of results: a job warms up the next one */
  constructor(private readonly areKept: boolean) {}

  /** @param checkout whose Leftfold is measured */
  async run(job: Job, checkout: string = CHECKOUT): Promise<Outcome> {
    const key = `${job.contestant} ${job.target.engine} ${checkout}`;
    const process = this.running.get(key) ?? new ContestantProcess(checkout);
    this.running.set(key, process);
    const outcome = await process.perform(job);
    // After a failure nothing is known of the state of its process.
    if (!this.areKept || outcome.error !== undefined || outcome.wrong !== undefined) {
      this.running.delete(key);
      await process.end();
    }
    return outcome;
  }

  async end(): Promise<void> {
    await Promise.all([...this.running.values()].map((each) => each.end()));
    this.running.clear();
  }

  /** Kills what runs. Its jobs end with an error. */
  kill(): void {
    for (const each of this.running.values()) each.kill();
  }
}
