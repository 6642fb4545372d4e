import type { DeadLetter, DeadLetterCount, DeadLetterFate } from '../subscriptions/parking/dead-letter.js';
import {
  type DeadLetterStore,
  deadLetter,
  deadLetterCount,
  deadLetterFate,
} from '../subscriptions/parking/dead-letter-store.js';
import type { InboxTable } from './inbox-table.js';

/** Messages that were not understood, or whose commands were refused or failed until their attempts were used up. */
export class DeadMessages implements DeadLetterStore {
  constructor(private readonly table: InboxTable) {}

  list(after: string | undefined, limit: number): Promise<DeadLetter[]> {
    return this.select('letter_id > ? order by letter_id limit ?', [after ?? '', limit]);
  }

  async count(): Promise<DeadLetterCount[]> {
    return (await this.table.countLetters()).map((row) => deadLetterCount('message', row));
  }

  async find(id: string): Promise<DeadLetter | undefined> {
    const [found] = await this.select('letter_id = ?', [id]);
    return found;
  }

  async fate(id: string): Promise<DeadLetterFate | undefined> {
    const row = await this.table.fate(id);
    return row && deadLetterFate('message', row);
  }

  retry(id: string): Promise<boolean> {
    return this.table.retryLetter(id);
  }

  discard(id: string): Promise<boolean> {
    return this.table.discardLetter(id);
  }

  private async select(condition: string, parameters: readonly unknown[]): Promise<DeadLetter[]> {
    const rows = await this.table.deadLetters(condition, parameters);
    return rows.map((row) => deadLetter('message', row));
  }
}
