import { randomUUID } from 'node:crypto';
import type { QueryRunner } from 'typeorm';
import type { Databases } from '../../databases/databases.js';
import { execute } from '../../databases/execute.js';
import { ImportRefusedError } from './import.errors.js';

/**
 * The right to fill a log that nothing else appends to. It is checked in each transaction: another process that goes on
 * with the same import takes it, and an application that starts, or appends, ends it.
 */
export class ImportClaim {
  private constructor(
    private readonly source: string,
    private readonly owner: string,
  ) {}

  /** @throws ImportRefusedError when the log is not empty, and not what an earlier run has left */
  static take({ events }: Databases, source: string): Promise<ImportClaim> {
    return events.write.transaction(async ({ queryRunner: runner }) => {
      await lockLog(events, runner!);
      const { rows: heads } = await execute<{ position: number | string }>(runner!, HEAD, []);
      const head = Number(heads[0]?.position ?? 0);
      const stored = await readRow(runner!, source);
      if (head > 0 && stored?.position !== head) throw notEmpty(head, stored !== undefined);
      await refuseStarted(runner!);
      const owner = randomUUID();
      await execute(
        runner!,
        `insert into leftfold_imports (source, owner, position) values (?, ?, ?)
         on conflict (source) do update set owner = excluded.owner, position = excluded.position`,
        [source, owner, head],
      );
      return new ImportClaim(source, owner);
    });
  }

  /** Checks it in the transaction that stores a batch. @throws ImportRefusedError */
  async check(runner: QueryRunner, head: number): Promise<void> {
    const stored = await readRow(runner, this.source);
    if (stored?.owner !== this.owner) {
      throw new ImportRefusedError('Another import of this file has begun, and goes on where this one ends.');
    }
    if (stored.position !== head) {
      throw new ImportRefusedError(
        `The log got other events after position ${stored.position} during the import. End the application that appends, and ` +
          'import into a new log; or add the rest at new positions, with --onto.',
      );
    }
    await refuseStarted(runner);
  }

  async advance(runner: QueryRunner, position: number): Promise<void> {
    await execute(runner, 'update leftfold_imports set position = ? where source = ?', [position, this.source]);
  }
}

export const HEAD = 'select position, recorded_at from leftfold_events order by position desc limit 1';

/** Keeps appends and other imports out until the transaction ends. */
export async function lockLog({ write, namespace }: Databases['events'], runner: QueryRunner): Promise<void> {
  const lock = write.dialect.lockAppends(namespace.appendLock);
  if (lock !== undefined) await runner.query(lock);
}

async function readRow(runner: QueryRunner, source: string) {
  const { rows } = await execute<{ owner: string; position: number | string }>(
    runner,
    'select owner, position from leftfold_imports where source = ?',
    [source],
  );
  return rows[0] && { owner: rows[0].owner, position: Number(rows[0].position) };
}

/** Side effects and sagas begin at the end of the log. Begun before the import, they would handle its events. */
async function refuseStarted(runner: QueryRunner): Promise<void> {
  const { rows } = await execute<{ name: string }>(runner, 'select name from leftfold_subscriptions limit 1', []);
  if (rows.length === 0) return;
  throw new ImportRefusedError(
    `The application was started on this log: "${rows[0]!.name}" follows it already, and side effects such as mails would be ` +
      'repeated for old events. Import into a new log, and start the application afterwards.',
  );
}

function notEmpty(head: number, wasBegun: boolean): ImportRefusedError {
  return new ImportRefusedError(
    wasBegun
      ? `The log ends at position ${head}, and not where an import of this file ended: something else has appended to it. ` +
          'Import into a new log, or add the events that it lacks at new positions, with --onto.'
      : `The log has ${head} events. Import into an empty log, or add the events that it lacks at new positions, with --onto.`,
  );
}
