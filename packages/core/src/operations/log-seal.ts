/** A signed checkpoint of the log. */
export interface LogCheckpoint {
  /** Number of events under it. */
  readonly size: number;
  /** As a signed note. */
  readonly note: string;
}

/** Something in the log that is not as it was sealed. */
export interface SealFinding {
  readonly position: number | undefined;
  readonly message: string;
}

/** What a comparison of the log with what was sealed has found. */
export interface SealReport {
  /** Number of events that were sealed; 0 when the log was never sealed. */
  readonly sealed: number;
  readonly findings: readonly SealFinding[];
  /** Number of all findings. */
  readonly found: number;
}

/**
 * A tree of hashes over the log, if the application has one. `@leftfold/proofs` provides it; exports and verifications
 * use it. Hashes are texts in base64.
 */
export abstract class LogSeal {
  /** The last signed checkpoint; undefined before the first one. */
  abstract checkpoint(): Promise<LogCheckpoint | undefined>;

  /** The partial tiles of the tree of the first `size` events, from level 0 on. */
  abstract partialTiles(size: number): Promise<string[]>;

  /**
   * The leaf hashes of a range of positions, joined.
   * @param after a range within one tile of 256 positions
   */
  abstract leaves(after: number, upTo: number): Promise<string>;

  /** Proves that the tree of one size is the beginning of that of another. */
  abstract consistency(first: number, second: number): Promise<string[]>;

  /** Compares each event with its hash, and the tiles with one another and with the checkpoint. */
  abstract verify(options: { readonly most: number; readonly signal: AbortSignal | undefined }): Promise<SealReport>;
}

/** Number of positions whose hashes are in one tile. */
export const SEAL_TILE = 256;
