/** Options of an import. */
export interface LogImportOptions {
  /** Adds the events that the log lacks at new positions, also beside a running application. */
  readonly onto?: boolean;
  /** For a file of another program: how its lines become events; see `ImportMapping`. */
  readonly mapping?: unknown;
  /** Only says what would be done. */
  readonly dryRun?: boolean;
  /** Called after each batch, also the last one: how much of the file is done; positions of an export, else bytes. */
  readonly onProgress?: (done: number, of: number, unit: 'positions' | 'bytes') => void;
  /** Interrupts it between two batches. The same import goes on from there. */
  readonly signal?: AbortSignal;
}

/** What an import has done. */
export interface LogImportReport {
  /** Number of events that were stored. */
  readonly added: number;
  /** Number of events that were there already. */
  readonly skipped: number;
  /** Number of events whose time was before that of the log's last event. They have that time, and their own in the metadata. */
  readonly laterTimes: number;
  /** Number of events with personal fields in plain text, which it has encrypted. */
  readonly encrypted: number;
  /** The first and the last position that it filled; 0 when it stored nothing. */
  readonly from: number;
  readonly to: number;
}
