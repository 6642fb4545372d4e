import { execute, select } from '../../databases/execute.js';
import type { OpenDatabase } from '../../databases/open-database.js';
import {
  type CountColumns,
  type DeadLetterColumns,
  type DeadLetterStore,
  deadLetter,
  deadLetterCount,
  deadLetterFate,
  type FateColumns,
} from './dead-letter-store.js';
import type { DeadLetter, DeadLetterCount, DeadLetterFate } from './dead-letter.js';
import type { ParkedEvents } from './parked-events.js';
import { lockState } from './parked-part.js';

/** Parked events whose attempts are used up. */
export class DeadEvents implements DeadLetterStore {
  private readonly now: string;

  constructor(
    private readonly database: OpenDatabase,
    private readonly parked: ParkedEvents,
  ) {
    this.now = database.write.dialect.now;
  }

  list(after: string | undefined, limit: number): Promise<DeadLetter[]> {
    return this.select('p.id > ? order by p.id limit ?', [after ?? '', limit]);
  }

  async count(): Promise<DeadLetterCount[]> {
    const rows = await select<CountColumns>(
      this.database.read,
      `select subscription, count(*) as letters from leftfold_parked_events where state = 'dead' group by subscription`,
      [],
    );
    return rows.map((row) => deadLetterCount('event', row));
  }

  async find(id: string): Promise<DeadLetter | undefined> {
    const [found] = await this.select('p.id = ?', [id]);
    return found;
  }

  async fate(id: string): Promise<DeadLetterFate | undefined> {
    const [row] = await select<FateColumns>(
      this.database.read,
      `select subscription, state, due_at <= ${this.now} as is_due, attempts, error
         from leftfold_parked_events where id = ? and state <> 'waiting'`,
      [id],
    );
    return row && deadLetterFate('event', row);
  }

  async retry(id: string): Promise<boolean> {
    const { affected } = await this.database.write.statement(
      `update leftfold_parked_events set state = 'retrying', tries = 0, due_at = ${this.now} where id = ? and state = 'dead'`,
      [id],
    );
    return affected === 1;
  }

  async discard(id: string): Promise<boolean> {
    const found = await this.find(id);
    if (!found) return false;
    const { subscription, stream, position } = found;
    return this.database.write.transaction(async (manager) => {
      // Locks the row of state first, like every transaction that changes parked events.
      await lockState(manager, subscription);
      const { affected } = await execute(
        manager.queryRunner!,
        `delete from leftfold_parked_events where id = ? and state = 'dead'`,
        [id],
      );
      if (affected !== 1) return false;
      await this.parked.count(manager, subscription, position, 'discarded');
      await this.parked.wakeNext(manager, subscription, stream);
      return true;
    });
  }

  private async select(condition: string, parameters: readonly unknown[]): Promise<DeadLetter[]> {
    const rows = await select<DeadLetterColumns>(
      this.database.read,
      `select p.id, p.subscription, p.position, p.stream, e.version, e.type, p.attempts, p.first_failed_at,
              p.last_failed_at, p.error, p.stack,
              (select count(*) from leftfold_parked_events w
                where w.subscription = p.subscription and w.stream = p.stream and w.position > p.position) as waiting
         from leftfold_parked_events p join leftfold_events e on e.position = p.position
        where p.state = 'dead' and ${condition}`,
      parameters,
    );
    return rows.map((row) => deadLetter('event', row));
  }
}
