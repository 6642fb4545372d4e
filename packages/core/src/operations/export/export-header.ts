import type { EventLog } from '../../event-log/event-log.js';
import type { ExportHeader } from '../export-file/file-lines.js';
import type { LogSeal } from '../log-seal.js';
import { ExportRefusedError } from './export.errors.js';
import type { LogExportOptions } from './export-options.js';

type Range = Pick<LogExportOptions, 'after' | 'until' | 'category' | 'checkpoint'>;

/** The first line of an export that begins now. @throws ExportRefusedError */
export async function exportHeader(
  log: EventLog,
  seal: LogSeal | undefined,
  { after = 0, until, category, checkpoint = false }: Range,
): Promise<ExportHeader> {
  const last = await lastPosition(log, seal, checkpoint);
  const upTo = until ?? last;
  if (upTo > last) throw beyond(upTo, last, checkpoint);
  if (after > upTo) {
    throw new ExportRefusedError(
      `The export would begin after position ${after} and end at ${upTo}: nothing is between.`,
    );
  }
  return {
    leftfold: 'log-export',
    format: 1,
    logId: await log.id(),
    after,
    until: upTo,
    ...(category !== undefined && { category }),
    verifiable: !checkpoint ? 'nothing' : category === undefined ? 'whole' : 'lines',
    ...(checkpoint && after > 0 && { treeBefore: await seal!.partialTiles(after) }),
  };
}

/** @throws ExportRefusedError when the file is there, and is not one that this export would make */
export function refuseOther(
  path: string,
  header: ExportHeader,
  logId: string,
  { after = 0, until, category, checkpoint = false }: Range,
): void {
  const other =
    header.logId !== logId
      ? 'an export of another log'
      : header.after !== after || (until !== undefined && header.until !== until)
        ? `an export of the positions after ${header.after} up to ${header.until}`
        : header.category !== category
          ? `an export of ${header.category === undefined ? 'all categories' : `the category ${header.category}`}`
          : (header.verifiable !== 'nothing') !== checkpoint
            ? `an export ${checkpoint ? 'without' : 'with'} a checkpoint`
            : undefined;
  if (other !== undefined) {
    throw new ExportRefusedError(`${path} is ${other}. Give the same options to go on with it, or another file.`);
  }
}

/** @throws ExportRefusedError when a complete file ends before what this export would have. With `until` it has all of that. */
export async function refuseOlder(
  path: string,
  header: ExportHeader,
  log: EventLog,
  seal: LogSeal | undefined,
  { until, checkpoint = false }: Range,
): Promise<void> {
  if (until !== undefined) return;
  const last = await lastPosition(log, seal, checkpoint);
  if (header.until >= last) return;
  throw new ExportRefusedError(
    `${path} is complete up to position ${header.until}, and the ${checkpoint ? 'last signed checkpoint covers' : 'log goes on'} up to ${last}. Give another file for a newer export.`,
  );
}

/** Where an export ends that is to have everything. */
function lastPosition(log: EventLog, seal: LogSeal | undefined, checkpoint: boolean): Promise<number> {
  return checkpoint ? sealedTo(seal) : log.head();
}

async function sealedTo(seal: LogSeal | undefined): Promise<number> {
  if (!seal) throw new ExportRefusedError('Nothing seals this log, so it has no checkpoint. Export without one.');
  const checkpoint = await seal.checkpoint();
  if (checkpoint) return checkpoint.size;
  throw new ExportRefusedError(
    'This log has no signed checkpoint yet. Start the application with a key, and try again.',
  );
}

function beyond(until: number, last: number, checkpoint: boolean): ExportRefusedError {
  return new ExportRefusedError(
    checkpoint
      ? `The last signed checkpoint covers the positions up to ${last}, and not ${until}. Try again in a second.`
      : `The log ends at position ${last}, before ${until}.`,
  );
}
