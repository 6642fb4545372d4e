import { type CommandRow, meetsExpectation } from './outcome.js';
import type { PreparedAppend, PreparedEvent } from './prepared-append.js';
import type { EventRow } from './recorded-event.js';

/** What is in the log under the ids of an append: its own earlier try, or somebody else's. */
export interface StoredTry {
  /** Events with the ids of the append's events, by position. */
  readonly events: readonly EventRow[];
  /** Sealed tags of these events, as far as the append asked for them: `<position> <tag>`. */
  readonly tags: ReadonlySet<string>;
  /** What is stored under the append's command id. */
  readonly command: CommandRow | undefined;
}

/**
 * Whether all that the append asked for is stored, and as one append would have stored it. What stood before it is not looked
 * at here: the condition, and streams without events. Tags that the append did not ask for are not compared either.
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
  // It may have been forgotten since.
  if (!row) return command.keepFor !== null;
  return Number(row.position) === position && row.result === command.result && row.fingerprint === command.fingerprint;
}
