import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestDatabase {
  readonly url: string;
  /** Call it after the application is closed. */
  remove(): Promise<void>;
}

/** An empty database. */
export async function testDatabase(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'my-shop-'));
  return {
    url: `sqlite:${join(folder, 'events.sqlite')}`,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
