import type { DeadLetter, DeadLetterCount, DeadLetterFate } from '../../subscriptions/parking/dead-letter.js';
import {
  type DeadLetterStore,
  deadLetter,
  deadLetterCount,
  deadLetterFate,
} from '../../subscriptions/parking/dead-letter-store.js';
import { lockSaga } from './lock-saga.js';
import type { OutboxTable } from './outbox-table.js';

/** Commands of sagas that were refused, or failed until their attempts were used up. */
export class DeadCommands implements DeadLetterStore {
  constructor(private readonly table: OutboxTable) {}

  list(after: string | undefined, limit: number): Promise<DeadLetter[]> {
    return this.select('c.letter_id > ? order by c.letter_id limit ?', [after ?? '', limit]);
  }

  async count(): Promise<DeadLetterCount[]> {
    return (await this.table.countLetters()).map((row) => deadLetterCount('command', row));
  }

  async find(id: string): Promise<DeadLetter | undefined> {
    const [found] = await this.select('c.letter_id = ?', [id]);
    return found;
  }

  async fate(id: string): Promise<DeadLetterFate | undefined> {
    const row = await this.table.fate(id);
    return row && deadLetterFate('command', row);
  }

  retry(id: string): Promise<boolean> {
    return this.table.retryLetter(id);
  }

  async discard(id: string): Promise<boolean> {
    const found = await this.find(id);
    if (!found) return false;
    const { subscription: saga } = found;
    return this.table.transaction(async (manager) => {
      await lockSaga(manager, saga);
      const discarded = await this.table.discardLetter(manager, id);
      if (discarded?.orderingKey) await this.table.readyFirst(manager, saga, [discarded.orderingKey]);
      return discarded !== undefined;
    });
  }

  private async select(condition: string, parameters: readonly unknown[]): Promise<DeadLetter[]> {
    const rows = await this.table.deadLetters(condition, parameters);
    return rows.map((row) => deadLetter('command', row));
  }
}
