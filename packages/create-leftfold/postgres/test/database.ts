import { existsSync } from 'node:fs';

export interface TestDatabase {
  readonly url: string;
  /** Call it after the application is closed. */
  remove(): Promise<void>;
}

/** The database for tests. It keeps the rows of earlier runs, so a test must query its own ids only. */
export async function testDatabase(): Promise<TestDatabase> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const url = process.env.TEST_DATABASE_URL;
  if (!url)
    throw new Error('TEST_DATABASE_URL is not set. Copy .env.example to .env, and write an empty database there.');
  return Promise.resolve({ url, remove: () => Promise.resolve() });
}
