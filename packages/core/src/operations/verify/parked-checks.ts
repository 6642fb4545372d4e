import type { DataSource } from 'typeorm';
import { select } from '../../databases/execute.js';
import type { Findings } from './finding.js';

interface Row {
  readonly subscription: string;
  readonly position: number | string;
  readonly stream: string;
  readonly state: string;
  readonly event_stream: string | null;
  readonly is_later: number | boolean;
  readonly is_owned: number | boolean;
}

/** The parked events, in pages of `size`. Each row and the values it is compared with are read at the same moment. */
export async function* readParked(events: DataSource, size: number): AsyncGenerator<readonly Row[]> {
  for (let after: [string, number] = ['', Number.MIN_SAFE_INTEGER]; ;) {
    const rows = await select<Row>(
      events,
      `select p.subscription, p.position, p.stream, p.state,
              (select e.stream from leftfold_events e where e.position = p.position) as event_stream,
              exists (select 1 from leftfold_parked_events q where q.subscription = p.subscription and q.stream = p.stream
                                                      and q.position < p.position) as is_later,
              exists (select 1 from leftfold_subscriptions s where s.name = p.subscription) as is_owned
         from leftfold_parked_events p where (p.subscription, p.position) > (?, ?)
        order by p.subscription, p.position limit ?`,
      [...after, size],
    );
    if (rows.length > 0) yield rows;
    if (rows.length < size) return;
    const last = rows.at(-1)!;
    after = [last.subscription, Number(last.position)];
  }
}

/** Checks parked events, in the order of subscriptions and positions. */
export class ParkedChecks {
  private orphaned: string | undefined;

  constructor(private readonly findings: Findings) {}

  check(row: Row): void {
    if (!row.is_owned) this.reportOrphan(row);
    const where = row.event_stream;
    if (where === null) this.add(row, 'is not in the log');
    else if (where !== row.stream) this.add(row, `is one of the stream ${where}, and is kept as one of ${row.stream}`);
    this.checkState(row);
  }

  private checkState(row: Row): void {
    const { state, stream } = row;
    if (row.is_later) {
      if (state === 'waiting') return;
      this.add(row, `is ${state}, and not waiting, although an earlier one of the stream ${stream} is parked`);
    } else if (state !== 'retrying' && state !== 'dead') {
      this.add(row, `is ${state}, and neither retrying nor dead, although it is the first of the stream ${stream}`);
    }
  }

  /** Reported once for each subscription, whose rows are adjacent. */
  private reportOrphan({ subscription }: Row): void {
    if (this.orphaned === subscription) return;
    this.orphaned = subscription;
    this.findings.add({
      check: 'parked',
      where: `subscription ${subscription}`,
      message: `Events are parked for the subscription "${subscription}", which has no row of state, so they are not handled.`,
    });
  }

  private add({ subscription, position }: Row, what: string): void {
    this.findings.add({
      check: 'parked',
      where: `subscription ${subscription}`,
      message: `The event at position ${position} that is parked for the subscription "${subscription}" ${what}.`,
      position: Number(position),
    });
  }
}
