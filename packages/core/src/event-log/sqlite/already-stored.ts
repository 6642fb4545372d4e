/** What the trigger says that stands before the unique keys of `events`; SQLite has one code for all triggers. */
export const ALREADY_STORED = 'An event of this position, event id or version is stored already.';
