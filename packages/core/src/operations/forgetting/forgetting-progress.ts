import type { EntityManager } from 'typeorm';
import { execute, select } from '../../databases/execute.js';
import type { OpenDatabase } from '../../databases/open-database.js';

/** Up to which position all forgettings are carried through. */
export class ForgettingProgress {
  constructor(private readonly database: OpenDatabase) {}

  async position(): Promise<number> {
    const sql = 'select p.position from leftfold_personal_progress p where p.id = 1';
    const [row] = await select<{ position: number | string }>(this.database.read, sql, []);
    return Number(row?.position ?? 0);
  }

  /** It never goes back. */
  async advance(manager: EntityManager, position: number): Promise<void> {
    await execute(
      manager.queryRunner!,
      `insert into leftfold_personal_progress (id, position) values (1, ?)
       on conflict (id) do update set position = excluded.position
         where leftfold_personal_progress.position < excluded.position`,
      [position],
    );
  }
}
