import type { DataSource } from 'typeorm';
import { shadowDataSource } from './shadow-manager.js';

/** The metadata of the shadow tables, made when the first rebuild needs it. */
export class ShadowSource {
  private opened: Promise<{ source: DataSource; close(): Promise<void> }> | undefined;

  constructor(private readonly live: DataSource) {}

  async open(): Promise<DataSource> {
    this.opened ??= shadowDataSource(this.live);
    return (await this.opened).source;
  }

  async close(): Promise<void> {
    await (await this.opened)?.close();
  }
}
