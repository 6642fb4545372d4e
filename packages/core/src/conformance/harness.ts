import type { EventLog } from '../event-log/event-log.js';

/** The log as seen by one node. */
export interface LogHandle {
  readonly log: EventLog;
  close(): Promise<void>;
}

export interface UnreliableHandle extends LogHandle {
  /** Stores the next append, but breaks the caller's connection before the reply arrives. */
  loseNextReply(): void;
  /** How many replies were lost. */
  readonly lost: number;
}

/** A program that runs `runWriters` on the log. */
export interface WriterCommand {
  readonly script: string;
  readonly args: readonly string[];
}

/** What `describeEventLog` needs from an adapter: ways to open one new, empty log, and to disturb it. */
export interface EventLogHarness {
  /** Opens the log. Called several times: two handles must share only what two nodes share. */
  open(): Promise<LogHandle>;
  /** Opens it with a connection that can lose the reply to an append. */
  openUnreliable(): Promise<UnreliableHandle>;
  /** The largest data of an event, in bytes, that `open` allows. */
  readonly eventSizeLimit: number;
  /** Makes the database refuse events of this stream, for a reason that the log can't foresee. */
  refuseEventsOf(stream: string): Promise<void>;
  /** Stores the next event without the log, as a node with a wrong clock would. */
  storeRecordedAt(stream: string, recordedAt: Date): Promise<void>;
  /** Statements that would change the event at position 1, and the database's error message for them. */
  readonly changesOfHistory: readonly string[];
  readonly refusal: RegExp;
  /** Runs a statement on the database directly. */
  run(statement: string): Promise<void>;
  writerCommand(): WriterCommand;
  /** Removes the log. All handles are closed before. */
  remove(): Promise<void>;
}

/** Makes an empty log and its harness for one test. */
export type CreateHarness = () => Promise<EventLogHarness>;
