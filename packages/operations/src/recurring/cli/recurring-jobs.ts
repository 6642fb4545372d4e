import { RecurringJobs, type RecurringJobStatus } from '@leftfold/core';
import { table } from '../../cli/columns.js';
import type { CommandLine } from '../../cli/command-line.js';
import { recurringJobAnswer } from '../recurring-job.answer.js';

export async function listRecurringJobs(cli: CommandLine, json: boolean | undefined): Promise<void> {
  const found = await cli.open((app) => app.get(RecurringJobs).list());
  const items = found.map(recurringJobAnswer);
  cli.output.answer(json, { items }, () => {
    if (items.length === 0) return ['There are no recurring jobs.'];
    return table(
      ['NAME', 'STATE', 'SCHEDULE', 'MISSED', 'NEXT DUE', 'LAST RUN'],
      items.map(({ name, state, schedule, missed, nextDue, lastRun }) => [
        name,
        state,
        schedule,
        missed ?? '-',
        nextDue ?? '-',
        lastRun ?? '-',
      ]),
      [],
    );
  });
}

export async function pauseRecurringJob(cli: CommandLine, name: string, json: boolean | undefined): Promise<void> {
  const status = await changed(cli, name, (jobs) => jobs.pause(name));
  cli.output.answer(json, recurringJobAnswer(status), () => [
    `${name} is paused. Let it go on with: leftfold recurring resume ${name}`,
  ]);
}

export async function resumeRecurringJob(cli: CommandLine, name: string, json: boolean | undefined): Promise<void> {
  const status = await changed(cli, name, (jobs) => jobs.resume(name));
  cli.output.answer(json, recurringJobAnswer(status), () => [
    `${name} is due next at ${status.nextDue?.toISOString() ?? 'no time'}.`,
  ]);
}

export async function runRecurringJob(cli: CommandLine, name: string, json: boolean | undefined): Promise<void> {
  const status = await changed(cli, name, (jobs) => jobs.run(name));
  cli.output.answer(json, recurringJobAnswer(status), () => [
    `${name} runs as soon as a process of the application takes it.`,
  ]);
}

function changed(
  cli: CommandLine,
  name: string,
  change: (jobs: RecurringJobs) => Promise<void>,
): Promise<RecurringJobStatus> {
  return cli.open(async (app) => {
    const jobs = app.get(RecurringJobs);
    await change(jobs);
    return jobs.get(name);
  });
}
