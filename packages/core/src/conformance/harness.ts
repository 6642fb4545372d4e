import type { EventLog } from '../event-log/event-log.js';

/** The log, as one node has it. */
export interface LogHandle {
  readonly log: EventLog;
  close(): Promise<void>;
}

export interface UnreliableHandle extends LogHandle {
  /** The next append is stored, but its caller's connection breaks before the answer is there. */
  loseNextReply(): void;
  /** How many answers were lost. */
  readonly lost: number;
}

/** A program that runs `runWriters` on the log. */
export interface WriterCommand {
  readonly script: string;
  readonly args: readonly string[];
}

/** What `describeEventLog` has to know of an adapter: how to open one new, empty log, and how to disturb it. */
export interface EventLogHarness {
  /** Opens the log. Called several times: each handle is to share with the others what two nodes share, and no more. */
  open(): Promise<LogHandle>;
  /** Opens it in a way that can lose the answer to an append. */
  openUnreliable(): Promise<UnreliableHandle>;
  /** The largest data of an event, in bytes, that `open` allows. */
  readonly eventSizeLimit: number;
  /** Makes the database refuse events of this stream, for a reason that the log can't foresee. */
  refuseEventsOf(stream: string): Promise<void>;
  /** Stores the next event past the log, as a node would whose clock is wrong. */
  storeRecordedAt(stream: string, recordedAt: Date): Promise<void>;
  /** Statements that would change the event at position 1, and the words in which the database refuses them. */
  readonly changesOfHistory: readonly string[];
  readonly refusal: RegExp;
  /** Runs a statement past the log. */
  run(statement: string): Promise<void>;
  writerCommand(): WriterCommand;
  /** Removes the log. All handles are closed by then. */
  remove(): Promise<void>;
}

/** Makes an empty log for one test, with what the test needs beside it. */
export type CreateHarness = () => Promise<EventLogHarness>;
