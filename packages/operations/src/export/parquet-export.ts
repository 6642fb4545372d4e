import { access } from 'node:fs/promises';
import { ExportRefusedError, type LogExport, type LogExportOptions } from '@leftfold/core';
import { ParquetFile } from './parquet-file.js';

/** What an export to Parquet has done. */
export interface ParquetExportReport {
  readonly after: number;
  readonly until: number;
  /** Number of events in the file. */
  readonly events: number;
}

/**
 * Writes events to a Parquet file, for analysis. Unlike lines of JSON, it can't be verified or imported, and after an
 * interruption it begins anew.
 * @throws ExportRefusedError when the file is there, or the log has no such range; the signal's reason when it is aborted
 */
export async function exportToParquet(
  log: LogExport,
  path: string,
  options: Omit<LogExportOptions, 'checkpoint'>,
): Promise<ParquetExportReport> {
  if (await isThere(path)) throw new ExportRefusedError(`${path} is there already. Delete it, or give another file.`);
  const { after, until, pages } = await log.read(options);
  const file = await ParquetFile.open(path);
  try {
    for await (const events of pages) await file.add(events);
    await file.complete();
  } catch (error) {
    await file.discard();
    throw error;
  }
  return { after, until, events: file.events };
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
