import {
  type DeadLetterFate,
  DeadLetters,
  OneOffRuns,
  SubscriptionNotFoundError,
  Subscriptions,
  type SubscriptionStatus,
} from '@leftfold/core';
import type { INestApplicationContext } from '@nestjs/common';
import { printable } from '../../cli/columns.js';
import type { CommandLine } from '../../cli/command-line.js';
import { CommandRefusedError } from '../../cli/usage.errors.js';
import { BackgroundRun } from './background-run.js';
import { pollUntil } from './poll-until.js';

/** The outcome of a retry: handled, or a dead letter again. */
type Outcome = { readonly state: 'handled' } | { readonly state: 'dead'; readonly error: string };

export async function retryDeadLetter(cli: CommandLine, id: string, json: boolean | undefined): Promise<void> {
  const outcome = await cli.open(async (app) => {
    const letters = app.get(DeadLetters);
    await refuseHalted(app, await letters.get(id));
    await letters.retry(id);
    return watch(app, cli, id);
  });
  cli.output.answer(json, { id, ...outcome }, () => [
    outcome.state === 'handled'
      ? `${id} was handled. Those that waited behind it follow in order.`
      : `${id} FAILED again at every attempt and is still a dead letter: ${printable(outcome.error)}`,
  ]);
  if (outcome.state === 'dead') cli.fail();
}

/** Waits until it was handled or is a dead letter again. Makes the attempts in this process when no node runs the subscription. */
async function watch(app: INestApplicationContext, cli: CommandLine, id: string): Promise<Outcome> {
  const letters = app.get(DeadLetters);
  const run = new BackgroundRun(() => app.get(OneOffRuns).retry(id, cli.signal));
  const report = attemptReporter(cli);
  try {
    return await pollUntil(async () => {
      const fate = await letters.fate(id);
      if (!fate) return { state: 'handled' };
      if (fate.state === 'dead') return { state: 'dead', error: fate.error };
      await refuseHalted(app, fate);
      report(fate);
      if (fate.isDue && ((await statusOf(app, fate.subscription))?.owner ?? null) === null) run.start();
      run.check();
      return undefined;
    }, cli.signal);
  } finally {
    await run.settled();
  }
}

/**
 * A paused subscription handles no events, so waiting is pointless. Commands that a saga has emitted are delivered all the
 * same, and messages have no subscription.
 */
async function refuseHalted(
  app: INestApplicationContext,
  { kind, subscription }: Pick<DeadLetterFate, 'kind' | 'subscription'>,
): Promise<void> {
  if (kind !== 'event') return;
  const state = (await statusOf(app, subscription))?.state;
  if (state !== 'paused' && state !== 'stopped') return;
  throw new CommandRefusedError(
    `${subscription} is ${state}, so it retries nothing. ` +
      `Resume it with "leftfold subscriptions resume ${subscription}".`,
  );
}

/** Undefined for a recurring job and for the handler of a message, which have no owner, and for a gone subscription, whose retry is refused. */
async function statusOf(app: INestApplicationContext, subscription: string): Promise<SubscriptionStatus | undefined> {
  try {
    return await app.get(Subscriptions).get(subscription);
  } catch (error) {
    if (error instanceof SubscriptionNotFoundError) return undefined;
    throw error;
  }
}

/** Reports each failed attempt, because minutes may pass between two attempts. */
function attemptReporter(cli: CommandLine): (fate: DeadLetterFate) => void {
  let attempts: number | undefined;
  return (fate) => {
    if (attempts !== undefined && fate.attempts > attempts) {
      cli.output.note(`Attempt ${fate.attempts} failed and will be repeated: ${printable(fate.error)}`);
    }
    if (attempts === undefined) cli.output.note('Waiting for the outcome. Ctrl-C ends the waiting, not the retry.');
    attempts = fate.attempts;
  };
}
