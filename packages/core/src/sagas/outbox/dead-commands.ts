import { execute, select } from '../../databases/execute.js';
import type { OpenDatabase } from '../../databases/open-database.js';
import type { DeadLetter, DeadLetterCount, DeadLetterFate } from '../../subscriptions/parking/dead-letter.js';
import {
  type CountColumns,
  type DeadLetterColumns,
  type DeadLetterStore,
  deadLetter,
  deadLetterCount,
  deadLetterFate,
  type FateColumns,
} from '../../subscriptions/parking/dead-letter-store.js';
import { lockLines, wakeFirst } from './lines.js';

/** Commands of sagas that were refused, or failed until their attempts were used up. */
export class DeadCommands implements DeadLetterStore {
  private readonly now: string;

  constructor(private readonly database: OpenDatabase) {
    this.now = database.write.dialect.now;
  }

  list(after: string | undefined, limit: number): Promise<DeadLetter[]> {
    return this.select('c.letter_id > ? order by c.letter_id limit ?', [after ?? '', limit]);
  }

  async count(): Promise<DeadLetterCount[]> {
    // Every letter has an id, and few commands do, so this skips the others.
    const rows = await select<CountColumns>(
      this.database.read,
      `select saga as subscription, count(*) as letters from leftfold_saga_commands
        where letter_id > '' and state = 'dead' group by saga`,
      [],
    );
    return rows.map((row) => deadLetterCount('command', row));
  }

  async find(id: string): Promise<DeadLetter | undefined> {
    const [found] = await this.select('c.letter_id = ?', [id]);
    return found;
  }

  async fate(id: string): Promise<DeadLetterFate | undefined> {
    const [row] = await select<FateColumns>(
      this.database.read,
      `select saga as subscription, state, claimed_by is null and due_at <= ${this.now} as is_due, attempts, error
         from leftfold_saga_commands where letter_id = ?`,
      [id],
    );
    return row && deadLetterFate('command', row);
  }

  async retry(id: string): Promise<boolean> {
    const { affected } = await this.database.write.statement(
      `update leftfold_saga_commands set state = 'retrying', tries = 0, deaths = 0, due_at = ${this.now}
        where letter_id = ? and state = 'dead'`,
      [id],
    );
    return affected === 1;
  }

  async discard(id: string): Promise<boolean> {
    const found = await this.find(id);
    if (!found) return false;
    const { subscription: saga } = found;
    return this.database.write.transaction(async (manager) => {
      await lockLines(manager, saga);
      const { rows } = await execute<{ line: string | null }>(
        manager.queryRunner!,
        `delete from leftfold_saga_commands where letter_id = ? and state = 'dead' returning line`,
        [id],
      );
      const [deleted] = rows;
      if (deleted?.line) await wakeFirst(manager, [{ saga, line: deleted.line }]);
      return deleted !== undefined;
    });
  }

  private async select(condition: string, parameters: readonly unknown[]): Promise<DeadLetter[]> {
    const rows = await select<DeadLetterColumns>(
      this.database.read,
      `select c.letter_id as id, c.saga as subscription, c.position, c.stream, e.version, c.name as type, c.attempts,
              c.first_failed_at, c.last_failed_at, c.error, c.stack,
              (select count(*) from leftfold_saga_commands w where w.saga = c.saga and w.line = c.line
                  and (w.position > c.position or (w.position = c.position and w.place > c.place))) as waiting
         from leftfold_saga_commands c join leftfold_events e on e.position = c.position
        where c.state = 'dead' and ${condition}`,
      parameters,
    );
    return rows.map((row) => deadLetter('command', row));
  }
}
