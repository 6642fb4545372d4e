import { createHmac } from 'node:crypto';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const ENDS = ['inventory.stock-released', 'inventory.stock-dispatched'];
const PAGE = 500;

interface Row {
  readonly position: number | string;
  readonly data: string;
}

/** Tags older events that ended an order line, so that the log also finds lines that products no longer remember. */
export class TagEndedLines1750001510000 implements MigrationInterface {
  readonly name = 'TagEndedLines1750001510000';

  async up(runner: QueryRunner): Promise<void> {
    // A new log has no key yet, and no events.
    const [log] = (await runner.query('select tag_key from leftfold_event_log')) as { tag_key: string }[];
    if (!log) return;
    const key = Buffer.from(log.tag_key, 'base64url');
    for (const type of ENDS) {
      let rows = await eventsAfter(runner, type, 0);
      while (rows.length > 0) {
        const values = rows.map(({ position, data }) => `('${sealed(key, data)}', ${position})`).join(', ');
        await runner.query(`insert into leftfold_event_tags (tag, position) values ${values} on conflict do nothing`);
        rows = await eventsAfter(runner, type, Number(rows.at(-1)!.position));
      }
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    const types = ENDS.map((type) => `'${type}'`).join(', ');
    await runner.query(
      `delete from leftfold_event_tags where position in (select position from leftfold_events where type in (${types}))`,
    );
  }
}

function eventsAfter(runner: QueryRunner, type: string, position: number): Promise<Row[]> {
  return runner.query(
    `select position, data from leftfold_events where type = '${type}' and position > ${position} order by position limit ${PAGE}`,
  ) as Promise<Row[]>;
}

/** Seals a tag as the event log does. */
function sealed(key: Buffer, data: string): string {
  const { sku, orderId, line } = JSON.parse(data) as { sku: string; orderId: string; line: number };
  const value = `${sku}/${orderId}/${line}`.normalize('NFKC').trim().toLowerCase().normalize('NFKC');
  return createHmac('sha256', key).update(`ended-line\0${value}`).digest('base64url');
}
