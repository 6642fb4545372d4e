import type { QueryRunner } from 'typeorm';
import type { Databases } from '../../databases/databases.js';
import { dialectOf } from '../../databases/dialects/dialect-of.js';
import { execute } from '../../databases/execute.js';

const TABLE = 'leftfold_exported_tags';

/**
 * The tags of a range of events by their positions. The log has them by tag only, so they are copied into a temporary
 * table, which the database keeps on disk.
 */
export class ExportedTags {
  private constructor(private readonly runner: QueryRunner) {}

  static async of({ events }: Databases, after: number, upTo: number): Promise<ExportedTags> {
    const runner = events.read.createQueryRunner();
    const range = `position > ${after} and position <= ${upTo}`;
    try {
      for (const statement of dialectOf(events.read).whereTemporary([
        `create temporary table ${TABLE} as select position, tag from leftfold_event_tags where ${range}`,
        `create index ${TABLE}_position on ${TABLE} (position)`,
      ])) {
        await runner.query(statement);
      }
    } catch (error) {
      // On SQLite there is no transaction. The error above says what is wrong.
      await runner.query('rollback').catch(() => undefined);
      await runner.release();
      throw error;
    }
    return new ExportedTags(runner);
  }

  /** The tags of the events of a range, by position, in the order of their texts. */
  async within(after: number, upTo: number): Promise<ReadonlyMap<number, readonly string[]>> {
    const { rows } = await execute<{ position: number | string; tag: string }>(
      this.runner,
      `select position, tag from ${TABLE} where position > ? and position <= ? order by position, tag`,
      [after, upTo],
    );
    const tags = new Map<number, string[]>();
    for (const { position, tag } of rows) {
      const others = tags.get(Number(position));
      if (others) others.push(tag);
      else tags.set(Number(position), [tag]);
    }
    return tags;
  }

  async drop(): Promise<void> {
    try {
      for (const statement of dialectOf(this.runner).whereTemporary([`drop table if exists ${TABLE}`])) {
        await this.runner.query(statement);
      }
    } finally {
      await this.runner.release();
    }
  }
}
