import type { EntityManager } from 'typeorm';
import { execute, select } from '../../databases/execute.js';
import type { OpenDatabase } from '../../databases/open-database.js';

const EARLIER = `exists (select 1 from leftfold_parked_events q where q.subscription = leftfold_parked_events.subscription
                           and q.stream = leftfold_parked_events.stream and q.position < leftfold_parked_events.position)`;

/** Parked events of a subscription that this program no longer has. */
export class RemainingEvents {
  constructor(private readonly database: OpenDatabase) {}

  /** Number of parked events of each subscription that has some. */
  async countBySubscription(): Promise<Map<string, number>> {
    const rows = await select<{ subscription: string; events: number | string }>(
      this.database.read,
      'select subscription, count(*) as events from leftfold_parked_events group by subscription',
      [],
    );
    return new Map(rows.map(({ subscription, events }) => [subscription, Number(events)]));
  }

  /** Stored types of its parked events up to this position. */
  async types(manager: EntityManager, subscription: string, upTo: number): Promise<string[]> {
    const { rows } = await execute<{ type: string }>(
      manager.queryRunner!,
      `select distinct e.type from leftfold_parked_events p join leftfold_events e on e.position = p.position
        where p.subscription = ? and p.position <= ? order by e.type`,
      [subscription, upTo],
    );
    return rows.map(({ type }) => type);
  }

  async discard(manager: EntityManager, subscription: string): Promise<void> {
    await execute(manager.queryRunner!, 'delete from leftfold_parked_events where subscription = ?', [subscription]);
  }

  /**
   * Moves parked events up to this position to the other subscription, ahead of its own in their streams. It delivers
   * later events itself. Both rows of state are locked.
   */
  async move(manager: EntityManager, from: string, to: string, upTo: number): Promise<void> {
    const run = (sql: string, ...parameters: unknown[]) => execute(manager.queryRunner!, sql, parameters);
    await run(
      `delete from leftfold_parked_events where subscription = ?
          and (position > ? or position in (select position from leftfold_parked_events where subscription = ?))`,
      from,
      upTo,
      to,
    );
    await run('update leftfold_parked_events set subscription = ? where subscription = ?', to, from);
    await run(
      `update leftfold_parked_events set state = 'waiting', due_at = null, tries = 0
        where subscription = ? and state <> 'waiting' and ${EARLIER}`,
      to,
    );
    await run(
      `update leftfold_parked_events set state = 'retrying', due_at = ${this.database.write.dialect.now}
        where subscription = ? and state = 'waiting' and not ${EARLIER}`,
      to,
    );
  }
}
