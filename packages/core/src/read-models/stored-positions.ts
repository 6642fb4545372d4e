import type { EventLog } from '../event-log/event-log.js';
import type { SubscriptionStates } from '../subscriptions/states/subscription-states.js';
import type { ReadModelSubscription } from './read-model-subscription.js';

interface StoredPosition {
  /** The read model's row of state. */
  readonly at: number;
  /** The first event after it that the read model handles, as far as the log was searched. */
  readonly next: number | undefined;
  readonly searchedTo: number;
}

/** What the databases say of the log, and of read models that other nodes run. One look serves everybody who waits. */
export class StoredPositions {
  /** The log's last position, at the last look. */
  head = 0;
  private readonly stored = new Map<string, StoredPosition>();

  constructor(
    private readonly states: Pick<SubscriptionStates, 'list'>,
    private readonly log: Pick<EventLog, 'head' | 'readAll'>,
  ) {}

  /** Looks at the log's head and at these read models: two statements, and one for each that has moved or has a gap to search. */
  async look(readModels: Iterable<ReadModelSubscription>): Promise<void> {
    const wanted = [...readModels];
    this.head = await this.log.head();
    if (wanted.length === 0) return;
    const positions = new Map((await this.states.list()).map(({ name, position }) => [name, position]));
    for (const each of wanted) this.stored.set(each.name, await this.search(each, positions.get(each.name) ?? 0));
  }

  /** Whether the read model includes a position: it is there, or nothing that it handles lies between. */
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
