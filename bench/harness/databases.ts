import { cp, mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine, Target } from '../contract.js';
import type { PostgresServer } from './postgres-server.js';

/** Makes the database of each run, empty or as a copy. */
export class BenchDatabases {
  private count = 0;

  constructor(
    private readonly folder: string,
    private readonly postgres: PostgresServer | undefined,
  ) {}

  async create(engine: Engine, template?: Target): Promise<Target> {
    const folder = join(this.folder, `run-${++this.count}`);
    if (template) await cp(template.folder, folder, { recursive: true });
    else await mkdir(folder, { mode: 0o700 });
    const url = engine === 'postgres' ? await this.postgres!.create(template?.url) : '';
    if (engine === 'postgres') await this.postgres!.checkpoint();
    else await flush(folder);
    return { engine, folder, url };
  }

  /** After a database was filled. */
  async settle({ engine, folder, url }: Target): Promise<void> {
    if (engine === 'postgres') await this.postgres!.settle(url);
    else await flush(folder);
  }

  async drop({ folder, url }: Target): Promise<void> {
    if (url !== '') await this.postgres!.drop(url);
    await rm(folder, { recursive: true, force: true });
  }
}

/** So that a run does not pay for writing what was copied before. */
async function flush(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = await open(join(folder, name), 'r+');
    await file.sync();
    await file.close();
  }
}
