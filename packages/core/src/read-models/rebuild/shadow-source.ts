import type { DataSource } from 'typeorm';
import { shadowDataSource } from './shadow-data-source.js';

/** Holds the metadata of the shadow tables, created for the first rebuild. It has no connection to close. */
export class ShadowSource {
  private made: Promise<DataSource> | undefined;

  constructor(private readonly live: DataSource) {}

  get(): Promise<DataSource> {
    return (this.made ??= shadowDataSource(this.live));
  }
}
