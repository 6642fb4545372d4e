import { type CommandRow, meetsExpectation } from './outcome.js';
import type { PreparedAppend, PreparedEvent } from './prepared-append.js';
import type { EventRow } from './recorded-event.js';

/** What the log has under the ids of an append: stored by its own earlier attempt, or by another append. */
export interface StoredTry {
  /** Events with the ids of the append's events, by position. */
  readonly events: readonly EventRow[];
  /** Stored tags of these events that the append also has: `<position> <tag>`. */
  readonly tags: ReadonlySet<string>;
  /** The row under the append's command id. */
  readonly command: CommandRow | undefined;
}

/**
 * Whether everything that the append contains is stored, in the way that one append stores it. Not checked: the
 * condition, streams without events, and stored tags that the append does not have.
 */
export function isSameAppend(append: PreparedAppend, stored: StoredTry): boolean {
  const { events, tags } = stored;
  if (events.length !== append.eventCount || events.length === 0) return false;
  const start = Number(events[0]!.position);
  let index = 0;
  for (const { stream, expected, events: asked } of append.streams) {
    const before = Number(events[index]?.version ?? 1) - 1;
    if (asked.length > 0 && !meetsExpectation({ expected }, before)) return false;
    for (const [offset, event] of asked.entries()) {
      const row = events[index]!;
      const inPlace =
        row.stream === stream &&
        Number(row.version) === before + 1 + offset &&
        Number(row.position) === start + index &&
        row.recorded_at === events[0]!.recorded_at;
      if (!inPlace || !isSameEvent(event, row)) return false;
      if (!event.tags.every((tag) => tags.has(`${start + index} ${tag}`))) return false;
      index += 1;
    }
  }
  return isSameCommand(append, stored.command, start + events.length - 1);
}

function isSameEvent(event: PreparedEvent, row: EventRow): boolean {
  return (
    row.event_id === event.eventId &&
    row.type === event.type &&
    row.schema_version === event.schemaVersion &&
    row.data === event.data &&
    row.metadata === event.metadata &&
    row.actor === event.actor &&
    row.correlation_id === event.correlationId
  );
}

function isSameCommand({ command }: PreparedAppend, row: CommandRow | undefined, position: number): boolean {
  if (!command) return true;
  // The command id may have expired and been deleted since.
  if (!row) return command.keepFor !== null;
  return Number(row.position) === position && row.result === command.result && row.fingerprint === command.fingerprint;
}
