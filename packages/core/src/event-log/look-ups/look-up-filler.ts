import { setImmediate as nextTurn } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { FillingStep } from './chunk-filler.js';
import { CHUNK } from './postings.js';

/** How the look-ups are filled. */
export interface Filling {
  /** Goes on with the next chunk, if that is complete. */
  step(): Promise<FillingStep>;
  /** Called again and again while nothing is appended, and at the end. @returns whether there is more to store; left out when there never is */
  rest?(): Promise<boolean>;
}

/** Fills the look-ups after the commit, a chunk of events at a time. */
export class LookUpFiller {
  private readonly logger = new Logger(LookUpFiller.name);
  private running: Promise<void> | undefined;
  private closed = false;
  /** The highest position that the log is known to have reached. */
  private seen = 0;
  /** The look-ups are filled further when the log has reached this position. */
  private next = 0;
  private isFailing = false;
  private resting: NodeJS.Timeout | undefined;

  /** @param quiet after so many ms without a complete chunk it stores the rest */
  constructor(
    private readonly filling: Filling,
    private readonly quiet: number,
  ) {}

  /** The log has reached this position. Fills the chunks that are complete, in the background. */
  notice(position: number): void {
    this.seen = Math.max(this.seen, position);
    if (this.seen < this.next || this.closed) return;
    this.running ??= this.catchUp();
  }

  /** Settles when all that it has in memory is stored, so that the next process need not read it again. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.resting);
    await this.running;
    await this.storeRest();
  }

  private async catchUp(): Promise<void> {
    clearTimeout(this.resting);
    while (!this.closed && this.seen >= this.next) {
      const { seen } = this;
      try {
        const { kind, filledTo } = await this.filling.step();
        this.isFailing = false;
        // How far the log is, is not known at the start, so after each chunk it looks for another one.
        if (kind === 'filled') this.next = 0;
        else this.next = (kind === 'busy' ? seen : filledTo) + CHUNK;
      } catch (error) {
        // Reads are right without them, only slower. The next chunk of events is another occasion.
        this.next = seen + CHUNK;
        this.report(error);
      }
      await nextTurn();
    }
    // In the same turn as the check above, so that no position is overlooked.
    this.running = undefined;
    if (this.filling.rest && !this.closed) this.resting = setTimeout(() => this.rest(), this.quiet).unref();
  }

  private rest(): void {
    this.running ??= this.storeRest(() => this.closed || this.seen >= this.next).finally(() => {
      this.running = undefined;
      this.notice(0);
    });
  }

  private async storeRest(isEnough: () => boolean = () => false): Promise<void> {
    try {
      while (!isEnough() && (await this.filling.rest?.())) await nextTurn();
      this.isFailing = false;
    } catch (error) {
      this.report(error);
    }
  }

  private report(error: unknown): void {
    if (!this.isFailing) this.logger.warn(`The look-ups of the log can't be filled now: ${(error as Error).message}`);
    this.isFailing = true;
  }
}
