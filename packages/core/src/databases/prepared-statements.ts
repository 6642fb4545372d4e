/** Rows of one statement, each with its values in the order of the selected columns. */
export interface PreparedResult {
  readonly rows: readonly (readonly unknown[])[];
  /** Number of rows written. */
  readonly affected: number;
}

/**
 * Runs statements near the bare driver: each text is prepared once for each connection, and rows are arrays. For the
 * kernel's own statements only, whose texts are few; a text that contains values would fill the server's memory.
 */
export interface PreparedStatements {
  /**
   * Placeholders are question marks. Parameters have a type that the driver accepts: no booleans on SQLite.
   * @throws QueryFailedError
   */
  run(sql: string, parameters: readonly unknown[]): Promise<PreparedResult>;
}
