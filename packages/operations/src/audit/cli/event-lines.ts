import type { RecordedEvent } from '@leftfold/core';
import { Columns } from '../../cli/columns.js';

/** Prints events as lines: position, time, stream, version, type, actor, data. */
export class EventLines {
  private readonly columns = new Columns(['right', 'left', 'left', 'right']);

  of(events: readonly RecordedEvent[]): string[] {
    const rows = events.map((event) => [
      String(event.position),
      event.recordedAt.toISOString(),
      event.stream,
      String(event.version),
      event.type,
      event.actor,
    ]);
    this.columns.fit(rows);
    // The data comes last, at its full width, so that one large event does not push the other columns apart.
    return events.map((event, index) => this.columns.line([...rows[index]!, dataOf(event)]));
  }
}

/** As it was stored, or with its personal fields in plain form. */
function dataOf(event: RecordedEvent): string {
  return event.personalFields.length === 0 ? event.dataText : JSON.stringify(event.data);
}
