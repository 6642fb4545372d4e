import { EventLogUnavailableError } from '../event-log/event-log.errors.js';
import { DecisionOutdatedError, SecondDecisionError } from './command.errors.js';

/** A decision that has been taken and is not stored yet. */
export interface TakenDecision {
  /** The streams that it writes. */
  readonly streams: ReadonlySet<string>;
  /** @returns false when nothing was stored, because what the decision is based on has changed */
  store(): Promise<boolean>;
}

type Work = () => void | Promise<void>;

/**
 * What one run of a command handler decides. It is stored when the handler has returned, so that all of it is stored or
 * nothing. When what it was based on has changed by then, the handler runs again, with a new unit.
 */
export class UnitOfWork {
  private state: 'open' | 'outdated' | 'over' = 'open';
  private hasDecided = false;
  private hasStored = false;
  private refused: SecondDecisionError | undefined;
  private deciding: Promise<unknown> | undefined;
  private taken: TakenDecision | undefined;
  private storing: Promise<void> | undefined;
  private followUps: Work[] = [];

  /** The handler is running, so a decision can be kept until it has returned. */
  get isOpen(): boolean {
    return this.state === 'open';
  }

  /** The handler has returned or failed. What it left running stores a decision at once. */
  get isOver(): boolean {
    return this.state === 'over';
  }

  /** Something that this run decided on has changed, so its handler must run again, whatever this run answers. */
  get isOutdated(): boolean {
    return this.state === 'outdated';
  }

  /**
   * Allows one decision per command. After a decision that certainly stored nothing, the handler may take another one.
   * @throws SecondDecisionError; DecisionOutdatedError in what an outdated run left running
   */
  async once<T>(decide: () => Promise<T>): Promise<T> {
    if (this.isOutdated) throw new DecisionOutdatedError();
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

  /** Whether a decision of this unit writes this stream. */
  writes(stream: string): boolean {
    return this.taken?.streams.has(stream) ?? false;
  }

  /** A decision was stored before the handler has returned. */
  recordStored(): void {
    this.hasStored = true;
  }

  /** Keeps work that must not be done before the decision is stored. */
  afterwards(work: Work): void {
    this.followUps.push(work);
  }

  /**
   * Stores what has been decided so far, because what comes next in the handler must find it. Once that has failed, it
   * fails again with the same error, until the handler has failed.
   * @returns undefined when there is nothing to wait for
   * @throws DecisionOutdatedError when the handler must run again
   */
  store(): Promise<void> | undefined {
    if (this.isOver) return undefined;
    if (this.taken) this.storing ??= this.storeNow(this.taken);
    return this.storing;
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
    await this.followUp();
  }

  /**
   * Called when the handler has failed: a decision that is not stored yet is dropped. The work that waited for one that
   * is stored is done.
   */
  async drop(): Promise<void> {
    await this.settled();
    // Something that the handler left running may be storing the decision. It gets the error; the caller of the command
    // gets the one of the handler.
    await this.storing?.catch(() => undefined);
    if (this.isOutdated) return;
    this.state = 'over';
    if (this.hasStored) await this.followUp();
  }

  /** Does the work that waited, all of it even if some fails. A further call does nothing. */
  async followUp(): Promise<void> {
    const errors: unknown[] = [];
    const works = this.followUps;
    this.followUps = [];
    for (const work of works) {
      try {
        await work();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 1) throw new AggregateError(errors, 'The work after a command was stored failed.');
    if (errors.length > 0) throw errors[0];
  }

  private async storeNow(decision: TakenDecision): Promise<void> {
    if (await decision.store()) {
      this.hasStored = true;
      return;
    }
    this.state = 'outdated';
    throw new DecisionOutdatedError();
  }

  /** Waits for a decision that the handler left running. */
  private async settled(): Promise<void> {
    let settled: Promise<unknown> | undefined;
    while (this.deciding !== settled) {
      settled = this.deciding;
      // The caller of `decide` gets its error.
      await settled?.catch(() => undefined);
    }
  }
}
