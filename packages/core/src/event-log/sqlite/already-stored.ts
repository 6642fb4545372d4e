/**
 * Message of the trigger that runs before the unique keys of `events` are checked. SQLite has one error code for all
 * triggers.
 */
export const ALREADY_STORED = 'An event of this position, event id or version is stored already.';
