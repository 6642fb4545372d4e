import { OneOffRuns, Subscriptions, type SubscriptionStatus } from '@leftfold/core';
import type { INestApplicationContext } from '@nestjs/common';
import type { CommandLine } from '../../cli/command-line.js';
import { CommandRefusedError } from '../../cli/usage.errors.js';
import { subscriptionAnswer } from '../subscription.answer.js';
import { comparisonLines } from './comparison-lines.js';
import { BackgroundRun } from './background-run.js';
import { pollUntil } from './poll-until.js';

export async function rebuildReadModel(
  cli: CommandLine,
  name: string,
  { dryRun = false, json }: { readonly dryRun?: boolean; readonly json?: boolean },
): Promise<void> {
  const status = await cli.open(async (app) => {
    const subscriptions = app.get(Subscriptions);
    const before = await subscriptions.get(name);
    // For any other subscription the next line reports that it is never rebuilt.
    if (before.kind === 'read-model') refuseHalted(before);
    await subscriptions.rebuild(name, { dryRun });
    return watch(app, cli, name);
  });
  cli.output.answer(json, subscriptionAnswer(status), () => outcomeLines(status));
  if (status.rebuild!.state === 'failed') cli.fail();
}

/** Waits until the rebuild is over, and does it in this process when no node runs the read model. */
async function watch(app: INestApplicationContext, cli: CommandLine, name: string): Promise<SubscriptionStatus> {
  const subscriptions = app.get(Subscriptions);
  const run = new BackgroundRun(() => app.get(OneOffRuns).rebuild(name, cli.signal));
  const progress = cli.output.progress('positions');
  try {
    return await pollUntil(async () => {
      const status = await subscriptions.get(name);
      if (!status.rebuild) throw neverRun(name);
      const { state, position, target } = status.rebuild;
      progress.show(position, target);
      if (state === 'done' || state === 'failed') return status;
      refuseHalted(status);
      if (status.owner === null) run.start();
      run.check();
      return undefined;
    }, cli.signal);
  } finally {
    progress.end();
    await run.settled();
  }
}

/** It has no row of state, so there is nowhere to store the request. */
function neverRun(name: string): CommandRefusedError {
  return new CommandRefusedError(`${name} has never run. Start the application, and it is built from the log.`);
}

function refuseHalted({ name, state, rebuild }: SubscriptionStatus): void {
  if (state !== 'paused' && state !== 'stopped') return;
  const isPending = rebuild?.state === 'requested' || rebuild?.state === 'running';
  throw new CommandRefusedError(
    `${name} ${state === 'paused' ? 'is paused' : 'has stopped'}, so it is not rebuilt. ` +
      `Resume it with "leftfold subscriptions resume ${name}"${isPending ? '; the requested rebuild follows then' : ''}.`,
  );
}

function outcomeLines({ name, rebuild }: SubscriptionStatus): string[] {
  const { state, dryRun, position, error, comparison } = rebuild!;
  if (state === 'failed') {
    return [`The rebuild of ${name} FAILED, and the old rows stay in use: ${error}`];
  }
  const summary = dryRun
    ? `${name} was compared with the log up to position ${position}. Its rows were not changed.`
    : `${name} was rebuilt up to position ${position}.`;
  return [summary, '', ...comparisonLines(comparison!)];
}
