import { EventLogUnavailableError } from '../event-log/event-log.errors.js';
import { DecisionOutdatedError, SecondDecisionError } from './command.errors.js';

/** A decision that has been taken and is not stored yet. */
export interface TakenDecision {
  /** The streams that it writes. */
  readonly streams: ReadonlySet<string>;
  /** @returns false when nothing was stored, because what the decision is based on has changed */
  store(): Promise<boolean>;
}

/**
 * What one run of a command handler decides. It is stored when the handler has returned, so that all of it is stored or
 * nothing. When what it was based on has changed by then, the handler runs again, with a new unit.
 */
export class UnitOfWork {
  private state: 'open' | 'outdated' | 'over' = 'open';
  private hasDecided = false;
  private refused: SecondDecisionError | undefined;
  private deciding: Promise<unknown> | undefined;
  private taken: TakenDecision | undefined;
  private storing: Promise<void> | undefined;
  private readonly followUps: (() => void | Promise<void>)[] = [];

  /** The handler has returned or failed. What it left running stores each decision at once. */
  get isOver(): boolean {
    return this.state === 'over';
  }

  /** Something that this run decided on has changed, so its handler must run again, whatever this run answers. */
  get isOutdated(): boolean {
    return this.state === 'outdated';
  }

  /**
   * Allows one decision per command. After a decision that certainly stored nothing, the handler may take another one.
   * @throws SecondDecisionError
   */
  async once<T>(decide: () => Promise<T>): Promise<T> {
    if (this.hasDecided) throw (this.refused = new SecondDecisionError());
    this.hasDecided = true;
    try {
      const deciding = decide();
      this.deciding = deciding;
      return await deciding;
    } catch (error) {
      if (!(error instanceof EventLogUnavailableError)) this.hasDecided = false;
      throw error;
    }
  }

  /** Keeps a decision until `store`. */
  take(decision: TakenDecision): void {
    this.taken = decision;
  }

  /** Whether a decision that is not stored yet writes this stream. */
  writes(stream: string): boolean {
    return this.taken?.streams.has(stream) ?? false;
  }

  /** Keeps work that must not be done before the decision is stored. */
  afterwards(work: () => void | Promise<void>): void {
    this.followUps.push(work);
  }

  /**
   * Stores what has been decided so far, because what comes next in the handler must find it. Once that has failed, it
   * fails again with the same error.
   * @throws DecisionOutdatedError when the handler must run again
   */
  async store(): Promise<void> {
    const decision = this.taken;
    this.taken = undefined;
    if (decision) this.storing = this.storeNow(decision);
    await this.storing;
  }

  /**
   * Called when the handler has returned: stores the decision, and does the work that waited for it.
   * @throws SecondDecisionError when another decision was refused, even if the handler caught the error
   * @throws DecisionOutdatedError when the handler must run again
   */
  async complete(): Promise<void> {
    await this.settled();
    if (this.refused) throw this.refused;
    await this.store();
    this.state = 'over';
    for (const work of this.followUps) await work();
  }

  /** Called when the handler has failed: nothing of what it decided is stored. */
  async drop(): Promise<void> {
    await this.settled();
    this.taken = undefined;
    if (!this.isOutdated) this.state = 'over';
  }

  private async storeNow(decision: TakenDecision): Promise<void> {
    if (await decision.store()) return;
    this.state = 'outdated';
    throw new DecisionOutdatedError();
  }

  /** A handler may return before a decision that it did not wait for. Its caller gets the error of that decision. */
  private async settled(): Promise<void> {
    await this.deciding?.catch(() => undefined);
  }
}
