import type { DataSource } from 'typeorm';
import { select } from '../../databases/execute.js';
import { CHECKED_COMMANDS } from '../../sagas/outbox/outbox-table.sql.js';
import type { Findings } from './finding.js';

interface Row {
  readonly id: string;
  readonly saga: string;
  readonly position: number | string;
  readonly stream: string;
  readonly line: string | null;
  readonly state: string;
  readonly causation_id: string;
  readonly event_id: string | null;
  readonly event_stream: string | null;
  readonly is_later: number | boolean;
  readonly is_owned: number | boolean;
}

/**
 * The commands of sagas that are not done, in pages of `size`. Each row and the values it is compared with are read at the
 * same moment. Runs of recurring jobs, which no event caused, are left out.
 */
export async function* readOutbox(events: DataSource, size: number): AsyncGenerator<readonly Row[]> {
  for (let after = ''; ;) {
    const rows = await select<Row>(events, CHECKED_COMMANDS, [after, size]);
    if (rows.length > 0) yield rows;
    if (rows.length < size) return;
    after = rows.at(-1)!.id;
  }
}

/** Checks that commands in the outbox were caused by events of the log, and follow one another. */
export class OutboxChecks {
  constructor(private readonly findings: Findings) {}

  check(row: Row): void {
    if (!row.is_owned) this.add(row, 'belongs to a saga that has no row of state');
    if (row.event_id === null)
      this.add(row, `was caused by an event at position ${row.position}, which is not in the log`);
    else if (row.event_id !== row.causation_id) {
      this.add(
        row,
        `was caused by the event ${row.causation_id}, and at its position ${row.position} is ${row.event_id}`,
      );
    } else if (row.event_stream !== row.stream) {
      this.add(row, `was caused by an event of the stream ${row.event_stream}, and is kept as one of ${row.stream}`);
    }
    if (row.line !== null) this.checkState(row);
  }

  private checkState(row: Row): void {
    const { state, line } = row;
    if (Boolean(row.is_later) === (state === 'waiting')) return;
    this.add(
      row,
      row.is_later
        ? `is ${state}, and not waiting, although an earlier one with the key ${line} is not done`
        : `is waiting, although no earlier one with the key ${line} is left, so it never runs`,
    );
  }

  private add({ id, saga, position }: Row, what: string): void {
    this.findings.add({
      check: 'outbox',
      where: `subscription ${saga}`,
      message: `The command ${id} in the outbox of the saga "${saga}" ${what}.`,
      position: Number(position),
    });
  }
}
