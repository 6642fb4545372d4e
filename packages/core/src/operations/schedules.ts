import { ExpectedError } from '../errors.js';
import type { OutboxContents, ScheduledEntry, SchedulePlace } from '../sagas/outbox/outbox-contents.js';

/** There is no schedule with that id, or its command has begun. */
export class ScheduleNotFoundError extends ExpectedError {
  readonly code = 'schedule-not-found';
  readonly kind = 'not-found';

  constructor(id: string) {
    super(`There is no schedule ${id}. It may have come due, or been cancelled or replaced meanwhile.`);
  }
}

/** Commands that sagas have scheduled and that have not begun, for operators. The same on every node. */
export class Schedules {
  /** @internal */
  constructor(private readonly contents: OutboxContents) {}

  /**
   * Lists schedules in the order in which they are due.
   * @param after due time, in ms since 1970, and id of the last one on the previous page
   * @param limit the most to return
   */
  list(after: SchedulePlace | undefined, limit: number): Promise<ScheduledEntry[]> {
    return this.contents.list(after, limit);
  }

  /**
   * Cancels a schedule for good. The saga is not told. Returns what was cancelled.
   * @throws ScheduleNotFoundError also when its execution has begun: exactly one of the two happens
   */
  async cancel(id: string): Promise<ScheduledEntry> {
    const cancelled = await this.contents.cancel(id);
    if (!cancelled) throw new ScheduleNotFoundError(id);
    return cancelled;
  }
}
