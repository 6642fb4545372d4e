import type { DataSource } from 'typeorm';
import { shadowDataSource } from './shadow-data-source.js';

/** The metadata of the shadow tables, made when the first rebuild needs it. It has no connection to close. */
export class ShadowSource {
  private made: Promise<DataSource> | undefined;

  constructor(private readonly live: DataSource) {}

  get(): Promise<DataSource> {
    return (this.made ??= shadowDataSource(this.live));
  }
}
