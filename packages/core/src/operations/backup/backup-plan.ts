import { join } from 'node:path';
import { type DatabaseTarget, fileOf, serverUrlOf } from '../../databases/database-url.js';
import { dumpCommand, isSameDatabase } from './dump-command.js';

/** A SQLite file to copy. */
export interface FileCopy {
  readonly name: 'events' | 'views';
  readonly from: string;
  readonly to: string;
}

/** Files to copy and databases to dump; made by `planBackup`. */
export interface BackupPlan {
  readonly folder: string;
  /** Copies, in the order in which to make them. */
  readonly copies: readonly FileCopy[];
  /** Commands that dump PostgreSQL databases, in the order in which to run them, after the copies. */
  readonly dumps: readonly string[];
  /**
   * The read models can't be backed up in the right order. They are left out and rebuilt from the log after a restore.
   */
  readonly leavesOutViews: boolean;
}

/**
 * Plans what to copy and what to dump. The read models always come first. Then no checkpoint in the backup is beyond
 * the end of its log, and an application that starts on the backup catches up. In the other order it would refuse to
 * start.
 */
export function planBackup(events: DatabaseTarget, views: DatabaseTarget, folder: string): BackupPlan {
  const copies: FileCopy[] = [];
  const dumps: string[] = [];
  // Dumps run after copies, so here the read models would come after the log.
  const leavesOutViews = fileOf(events) !== undefined && fileOf(views) === undefined;
  for (const [name, target] of [
    ['views', views],
    ['events', events],
  ] as const) {
    const file = fileOf(target);
    if (file !== undefined) copies.push({ name, from: file, to: join(folder, `${name}.sqlite`) });
    const url = serverUrlOf(target);
    if (url === undefined || leavesOutViews) continue;
    if (!isSameDatabase(events, views)) dumps.push(dumpCommand(url, join(folder, `${name}.dump`)));
    else if (name === 'events') dumps.push(dumpCommand(url, join(folder, 'leftfold.dump')));
  }
  return { folder, copies, dumps, leavesOutViews };
}
