/** How this process runs. */
export interface Settings {
  /** The databases of the event log and the read models. */
  readonly databaseUrl: string;
  readonly port: number;
  readonly host: string;
}

/**
 * Reads the variables that `.env.example` lists.
 * @throws Error when one of them is wrong
 */
export function settingsFrom({ DATABASE_URL, PORT, HOST }: NodeJS.ProcessEnv): Settings {
  if (!DATABASE_URL)
    throw new Error('DATABASE_URL is not set. Copy .env.example to .env, and write your database there.');
  const port = Number(PORT || 3000);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('PORT must be a number from 0 to 65535.');
  return { databaseUrl: DATABASE_URL, port, host: HOST || '127.0.0.1' };
}
