import { execute, select } from '../../databases/execute.js';
import { NOW_IN_MS } from '../../databases/now.js';
import type { OpenDatabase } from '../../databases/open-database.js';
import { type DeadLetter, DeadLetterNotFoundError, DeadLetters } from './dead-letters.js';
import type { ParkedEvents } from './parked-events.js';

interface DeadLetterColumns {
  readonly id: string;
  readonly subscription: string;
  readonly position: number | string;
  readonly stream: string;
  readonly version: number | string;
  readonly type: string;
  readonly attempts: number;
  readonly first_failed_at: number | string;
  readonly last_failed_at: number | string;
  readonly error: string;
  readonly stack: string | null;
  readonly waiting: number | string;
}

/** Dead letters in the `events` database: parked events whose attempts are used up. */
export class StoredDeadLetters extends DeadLetters {
  private readonly now: string;

  constructor(
    private readonly database: OpenDatabase,
    private readonly parked: ParkedEvents,
    /** Tells whoever runs the subscription that there is something to do. */
    private readonly announce: () => void,
  ) {
    super();
    this.now = NOW_IN_MS[database.write.kind];
  }

  async list(after: string | undefined, limit: number): Promise<DeadLetter[]> {
    return this.select('p.id > ? order by p.id limit ?', [after ?? '', limit]);
  }

  async get(id: string): Promise<DeadLetter> {
    const [found] = await this.select('p.id = ?', [id]);
    if (!found) throw new DeadLetterNotFoundError(id);
    return found;
  }

  async retry(id: string): Promise<void> {
    const { affected } = await this.database.write.statement(
      `update parked_events set state = 'retrying', tries = 0, due_at = ${this.now} where id = ? and state = 'dead'`,
      [id],
    );
    if (affected !== 1) throw new DeadLetterNotFoundError(id);
    this.announce();
  }

  async discard(id: string): Promise<void> {
    const { subscription, stream, position } = await this.get(id);
    await this.database.write.transaction(async (manager) => {
      // The row of state first, as everybody does who changes what is parked.
      await execute(manager.queryRunner!, 'update subscriptions set name = name where name = ?', [subscription]);
      const { affected } = await execute(
        manager.queryRunner!,
        `delete from parked_events where id = ? and state = 'dead'`,
        [id],
      );
      if (affected !== 1) throw new DeadLetterNotFoundError(id);
      await this.parked.count(manager, subscription, position, 'discarded');
      await this.parked.wakeNext(manager, subscription, stream);
    });
    this.announce();
  }

  private async select(condition: string, parameters: readonly unknown[]): Promise<DeadLetter[]> {
    const rows = await select<DeadLetterColumns>(
      this.database.read,
      `select p.id, p.subscription, p.position, p.stream, e.version, e.type, p.attempts, p.first_failed_at,
              p.last_failed_at, p.error, p.stack,
              (select count(*) from parked_events w
                where w.subscription = p.subscription and w.stream = p.stream and w.position > p.position) as waiting
         from parked_events p join events e on e.position = p.position
        where p.state = 'dead' and ${condition}`,
      parameters,
    );
    return rows.map((row) => ({
      id: row.id,
      subscription: row.subscription,
      position: Number(row.position),
      stream: row.stream,
      version: Number(row.version),
      type: row.type,
      attempts: row.attempts,
      firstFailedAt: new Date(Number(row.first_failed_at)),
      lastFailedAt: new Date(Number(row.last_failed_at)),
      error: row.error,
      stack: row.stack,
      waiting: Number(row.waiting),
    }));
  }
}
