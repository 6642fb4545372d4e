/** Which streams to list: those that match all given criteria. */
export interface ListStreamsOptions {
  readonly category?: string;
  /** Prefix of the names, 1 to 255 printable characters. Case-sensitive. */
  readonly prefix?: string;
  /** Name to continue after. The stream need not exist. */
  readonly after?: string;
  /** The most streams to return, 1 to 10,000. */
  readonly limit: number;
}

/** Summary of a stream. */
export interface StreamSummary {
  readonly stream: string;
  /** Version of its last event, which is also its number of events. */
  readonly version: number;
  /** Position of its last event. */
  readonly position: number;
  readonly firstRecordedAt: Date;
  readonly lastRecordedAt: Date;
}
