import type { EventLog } from '../event-log/event-log.js';
import type { SubscriptionStates } from '../subscriptions/states/subscription-states.js';
import type { ReadModelSubscription } from './read-model-subscription.js';

interface StoredPosition {
  /** The read model's checkpoint. */
  readonly at: number;
  /** The first later event that the read model handles, as far as the log was searched. */
  readonly next: number | undefined;
  readonly searchedTo: number;
}

/**
 * Positions of the log, and of read models that other nodes run, as read from the databases. One read serves all
 * waiting callers.
 */
export class StoredPositions {
  /** The log's last position when last read. */
  head = 0;
  private readonly stored = new Map<string, StoredPosition>();

  constructor(
    private readonly states: Pick<SubscriptionStates, 'list'>,
    private readonly log: Pick<EventLog, 'head' | 'readAll'>,
  ) {}

  /**
   * Reads the log's head and these read models' positions: two statements, and one more for each read model that has
   * moved or has a gap to search.
   */
  async refresh(readModels: Iterable<ReadModelSubscription>): Promise<void> {
    const wanted = [...readModels];
    this.head = await this.log.head();
    if (wanted.length === 0) return;
    const positions = new Map((await this.states.list()).map(({ name, position }) => [name, position]));
    for (const each of wanted) this.stored.set(each.name, await this.search(each, positions.get(each.name) ?? 0));
  }

  /** Whether the read model includes a position: it has reached it, or it handles no event in between. */
  includes(name: string, position: number): boolean {
    const stored = this.stored.get(name);
    if (!stored) return false;
    const { at, next, searchedTo } = stored;
    return at >= position || (next === undefined ? searchedTo >= position : next > position);
  }

  private async search({ name, types }: ReadModelSubscription, at: number): Promise<StoredPosition> {
    const before = this.stored.get(name);
    const { next, searchedTo } = before?.at === at ? before : { next: undefined, searchedTo: at };
    if (next !== undefined || searchedTo >= this.head) return { at, next, searchedTo };
    const { events } = await this.log.readAll({ after: searchedTo, upTo: this.head, limit: 1, types });
    return { at, next: events[0]?.position, searchedTo: this.head };
  }
}
