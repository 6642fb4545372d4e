import { performance } from 'node:perf_hooks';
import { pauseAfter } from '../retry-policy.js';
import type { RestartPause } from '../states/restart.js';
import type { NotKnownHereError } from './known-events.js';

/**
 * That this node has left a subscription to others, because its program does not know the next event. The pause is this node's
 * own: a node that knows the event must not wait for it.
 */
export class LeftSubscription {
  private position: number | undefined;
  private times = 0;
  private until = 0;
  private cause: string | undefined;

  /** Stored type of the event, until this node runs the subscription beyond it: there will be others that it does not know. */
  get type(): string | undefined {
    return this.cause;
  }

  /** Whether this node waits before it tries again. */
  get isWaiting(): boolean {
    return this.cause !== undefined && performance.now() < this.until;
  }

  /**
   * It met an event that it does not know; each time that it is the same one, the pause doubles.
   * @returns the pause, in ms
   */
  at({ event }: NotKnownHereError, pause: RestartPause): number {
    this.times = event.position === this.position ? this.times + 1 : 1;
    this.position = event.position;
    this.cause = event.type;
    const ms = Math.ceil(pauseAfter(this.times, pause));
    this.until = performance.now() + ms;
    return ms;
  }

  /** This node runs the subscription again, from this position. */
  passed(position: number): void {
    if (this.position !== undefined && position >= this.position) this.cause = undefined;
  }
}
