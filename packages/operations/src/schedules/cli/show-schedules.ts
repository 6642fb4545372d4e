import { type ScheduledEntry, Schedules } from '@leftfold/core';
import { table } from '../../cli/columns.js';
import type { CommandLine } from '../../cli/command-line.js';
import { scheduleAnswer } from '../schedule.answer.js';

const PAGE = 500;

export async function listSchedules(cli: CommandLine, json: boolean | undefined): Promise<void> {
  const found = await cli.open((app) => all(app.get(Schedules)));
  const items = found.map(scheduleAnswer);
  cli.output.answer(json, { items }, () => {
    if (items.length === 0) return ['Nothing is scheduled.'];
    return table(
      ['ID', 'DUE', 'SAGA', 'COMMAND', 'KEY', 'STREAM', 'CORRELATION'],
      items.map(({ id, dueAt, saga, command, key, stream, correlationId }) => [
        id,
        dueAt,
        saga,
        command,
        key,
        stream,
        correlationId,
      ]),
      [],
    );
  });
}

async function all(schedules: Schedules): Promise<ScheduledEntry[]> {
  const found: ScheduledEntry[] = [];
  for (;;) {
    const last = found.at(-1);
    const page = await schedules.list(last && [last.dueAt.getTime(), last.id], PAGE);
    found.push(...page);
    if (page.length < PAGE) return found;
  }
}
