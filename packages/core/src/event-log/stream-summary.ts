/** Which streams to list: those that meet everything that is said here. */
export interface ListStreamsOptions {
  readonly category?: string;
  /** Beginning of the names, 1 to 255 printable characters. Upper and lower case differ. */
  readonly prefix?: string;
  /** Name after which to go on; it need not be that of a stream which is there. */
  readonly after?: string;
  /** The most streams to return, 1 to 10,000. */
  readonly limit: number;
}

/** A stream in numbers. */
export interface StreamSummary {
  readonly stream: string;
  /** Version of its last event, which is also the number of its events. */
  readonly version: number;
  /** Position of its last event. */
  readonly position: number;
  readonly firstRecordedAt: Date;
  readonly lastRecordedAt: Date;
}
