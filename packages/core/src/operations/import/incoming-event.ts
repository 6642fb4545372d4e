import type { EventRow } from '../../event-log/recorded-event.js';

/** An event of a file, before it is stored. */
export interface IncomingEvent {
  /** Line of the file, from 1. */
  readonly line: number;
  /** As the exported log had it; undefined in other files. */
  readonly position: number | undefined;
  readonly id: string;
  readonly stream: string;
  /** As the exported log had it; undefined in other files, where it is the next one. */
  readonly version: number | undefined;
  readonly type: string;
  readonly typeVersion: number;
  /** In ms since 1970, UTC. */
  readonly recordedAt: number;
  readonly actor: string;
  readonly correlationId: string;
  /** Texts to store, JSON. */
  readonly data: string;
  readonly metadata: string;
  /** Whether it closes its stream. */
  readonly closes: boolean;
  /** The file has personal fields of it in plain text, which this import has encrypted. */
  readonly encrypted?: boolean;
}

/** As the log would read it. What the file doesn't say is 0. */
export function rowOfIncoming(event: IncomingEvent): EventRow {
  const { id, typeVersion, correlationId, recordedAt, position = 0, version = 0, ...same } = event;
  return {
    ...same,
    position,
    version,
    event_id: id,
    schema_version: typeVersion,
    correlation_id: correlationId,
    recorded_at: recordedAt,
  };
}

/** Reads the lines of a file. */
export interface LineReader {
  /** Names the file, so that an import that was broken off is known again. */
  readonly source: string;
  /**
   * @param isWhole whether the line ends with a newline; only the last one may lack it
   * @returns undefined for a line that has no event
   */
  read(text: string, line: number, isWhole: boolean): IncomingEvent | undefined;
  /** Called after the last line. */
  finish(): void;
}
