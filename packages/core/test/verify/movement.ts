import type { EntityManager } from 'typeorm';
import type { Databases } from '../../src/databases/databases.js';
import { numbered } from '../../src/databases/placeholders.js';
import type { EventLog } from '../../src/event-log/event-log.js';
import type { RecordedEvent } from '../../src/event-log/recorded-event.js';

const TYPES = ['orders.placed', 'orders.paid'];

/**
 * Simulates other processes: each step appends, brings a read model to the head, and lets a side effect park some
 * events and handle or discard earlier parked ones. Every transaction keeps the rules that verify checks.
 */
export class Movement {
  parkedInAll = 0;
  releasedInAll = 0;
  isUnderWay = false;
  private steps = 0;

  private constructor(
    private readonly databases: Databases,
    private readonly log: EventLog,
  ) {}

  static async begin(databases: Databases, log: EventLog): Promise<Movement> {
    const movement = new Movement(databases, log);
    const row = ['row', 1, JSON.stringify(TYPES), await log.id()];
    const insert = (table: string) => (manager: EntityManager) =>
      movement.run(
        manager,
        `insert into ${table} (name, version, types, log_id, position, handled, epoch, expires_at) values (?, ?, ?, ?, 0, 0, 0, 0)`,
        row,
      );
    await databases.views.write.transaction(insert('leftfold_read_models'));
    await databases.events.write.transaction(insert('leftfold_subscriptions'));
    return movement;
  }

  /** @returns the number of steps so far */
  async step(): Promise<number> {
    const step = ++this.steps;
    this.isUnderWay = true;
    await this.log.append(
      [1, 2, 3].map((offset) => ({
        stream: `order-${((step + offset) % 50) + 1}`,
        expected: 'stream-exists' as const,
        events: [{ type: step % 3 ? 'orders.paid' : 'orders.noted', data: {} }],
      })),
    );
    await this.databases.views.write.transaction((manager) => this.advance(manager, 'leftfold_read_models', 0));
    await this.databases.events.write.transaction((manager) =>
      this.advance(manager, 'leftfold_subscriptions', step % 2),
    );
    if (step % 3 === 0) await this.databases.events.write.transaction((manager) => this.release(manager));
    this.isUnderWay = false;
    return step;
  }

  /** Moves the checkpoint over the next events and parks some of them if `every` is not 0. */
  private async advance(manager: EntityManager, table: string, every: number): Promise<void> {
    const [row] = await this.run<{ position: string }>(manager, `select position from ${table}`, []);
    const { events, upTo } = await this.log.readAll({ after: Number(row!.position), limit: 500, types: TYPES });
    const parked = events.filter((_, index) => every > 0 && index % 3 === 0);
    const waited = table === 'leftfold_subscriptions' ? await this.park(manager, events, parked) : 0;
    await this.run(
      manager,
      `update ${table} set position = ?, handled = handled + ?, parked = parked + ?, event_id = coalesce(?, event_id)`,
      [upTo, events.length - waited, waited, events.at(-1)?.eventId ?? null],
    );
  }

  /** @returns how many were parked: the failed ones, and all that wait behind a parked one */
  private async park(manager: EntityManager, events: RecordedEvent[], failed: RecordedEvent[]): Promise<number> {
    const rows = await this.run<{ stream: string }>(manager, 'select distinct stream from leftfold_parked_events', []);
    const held = new Set(rows.map(({ stream }) => stream));
    let count = 0;
    for (const event of events) {
      const isHeld = held.has(event.stream);
      if (!isHeld && !failed.includes(event)) continue;
      held.add(event.stream);
      count++;
      await this.run(
        manager,
        `insert into leftfold_parked_events (id, subscription, stream, position, state, tries, attempts) values (?, 'row', ?, ?, ?, 1, 1)`,
        [event.eventId, event.stream, event.position, isHeld ? 'waiting' : 'retrying'],
      );
    }
    this.parkedInAll += count;
    return count;
  }

  /** Handles or discards the first parked event of some streams; the next one of each becomes `retrying`. */
  private async release(manager: EntityManager): Promise<void> {
    const first = await this.run<{ id: string; stream: string }>(
      manager,
      `select id, stream from leftfold_parked_events where state <> 'waiting' order by position limit 5`,
      [],
    );
    for (const [index, { id, stream }] of first.entries()) {
      await this.run(manager, 'delete from leftfold_parked_events where id = ?', [id]);
      await this.run(
        manager,
        `update leftfold_parked_events set state = 'retrying' where position = (select min(position) from leftfold_parked_events where stream = ?)`,
        [stream],
      );
      const outcome = index % 2 ? 'handled' : 'discarded';
      await this.run(manager, `update leftfold_subscriptions set parked = parked - 1, ${outcome} = ${outcome} + 1`, []);
    }
    this.releasedInAll += first.length;
  }

  private async run<Row>(manager: EntityManager, sql: string, parameters: unknown[]): Promise<Row[]> {
    const postgres = this.databases.events.target.kind === 'postgres';
    return manager.query<Row[]>(postgres ? numbered(sql) : sql, parameters);
  }
}
