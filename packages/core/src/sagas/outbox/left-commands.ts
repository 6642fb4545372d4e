import type { EntityManager } from 'typeorm';
import type { Dialect } from '../../databases/dialects/dialect.js';
import { execute } from '../../databases/execute.js';

const EARLIER = `exists (select 1 from leftfold_saga_commands q where q.saga = leftfold_saga_commands.saga and q.line = leftfold_saga_commands.line
                           and (q.position, q.place) < (leftfold_saga_commands.position, leftfold_saga_commands.place))`;

/** Commands in the outbox of a saga that this program no longer has. */
export class LeftCommands {
  constructor(private readonly dialect: Dialect) {}

  /**
   * Locks the commands that it counts, because a process claims a command without locking the saga's row of state.
   * Either the process has already claimed the command, and this waits for it, or it skips the command until this
   * transaction ends.
   */
  async count(manager: EntityManager, saga: string): Promise<{ all: number; executed: number }> {
    const { rows } = await execute<{ all_of_them: number | string; executed: number | string | null }>(
      manager.queryRunner!,
      `select count(*) as all_of_them,
              sum(case when claimed_by is not null and due_at > ${this.dialect.now} then 1 else 0 end) as executed
         from (select claimed_by, due_at from leftfold_saga_commands where saga = ? order by id ${this.dialect.forUpdate}) c`,
      [saga],
    );
    return { all: Number(rows[0]!.all_of_them), executed: Number(rows[0]!.executed ?? 0) };
  }

  async discard(manager: EntityManager, saga: string): Promise<void> {
    await execute(manager.queryRunner!, 'delete from leftfold_saga_commands where saga = ?', [saga]);
  }

  /**
   * Moves the commands to the other saga, under the same ids, ahead of its own commands in their lines. A schedule of
   * the other saga replaces a moved one with the same key. Both rows of state are locked.
   */
  async move(manager: EntityManager, from: string, to: string): Promise<void> {
    const run = (sql: string, ...parameters: unknown[]) => execute(manager.queryRunner!, sql, parameters);
    await run(
      `delete from leftfold_saga_commands where saga = ? and state = 'scheduled' and claimed_by is null
          and schedule_key in (select schedule_key from leftfold_saga_commands where saga = ? and state = 'scheduled')`,
      from,
      to,
    );
    await run('update leftfold_saga_commands set saga = ? where saga = ?', to, from);
    await run(
      `update leftfold_saga_commands set state = 'waiting', due_at = null
        where saga = ? and state in ('ready', 'retrying') and claimed_by is null and ${EARLIER}`,
      to,
    );
    await run(
      `update leftfold_saga_commands set state = 'ready', due_at = ${this.dialect.now}
        where saga = ? and state = 'waiting' and not ${EARLIER}`,
      to,
    );
  }
}
