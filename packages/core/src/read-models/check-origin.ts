import type { EventLog } from '../event-log/event-log.js';
import type { SubscriptionRow } from '../subscriptions/states/subscription-row.js';

const REMEDY =
  'Configure the log and the read models that belong together, or delete the database of the read models, ' +
  'and it is rebuilt from this log at the next start.';

/**
 * The rows of a read model were built from another log, or from events that this log no longer has. Continuing would
 * mix two histories.
 */
export class ForeignReadModelError extends Error {
  constructor(name: string, what: string) {
    super(`The read model "${name}" ${what}. ${REMEDY}`);
    this.name = 'ForeignReadModelError';
  }
}

/**
 * Refuses a read model that was built from another log, or from later events that this log has lost.
 * @throws ForeignReadModelError
 */
export async function checkOrigin({ name, logId, position, eventId }: SubscriptionRow, log: EventLog): Promise<void> {
  if (logId !== (await log.id())) throw new ForeignReadModelError(name, 'was filled from another log');
  const head = await log.head();
  if (position > head) {
    throw new ForeignReadModelError(
      name,
      `is at position ${position}, and the log ends at ${head}: it was restored to an earlier state`,
    );
  }
  if (eventId === null) return;
  const [handled] = await log.readEvents([eventId]);
  if (!handled || handled.position > position) {
    throw new ForeignReadModelError(
      name,
      'contains an event that is not in the log: it was restored to an earlier state and went on',
    );
  }
}
