import { Subscriptions } from '@leftfold/core';
import type { CommandLine } from '../../cli/command-line.js';
import { subscriptionAnswer } from '../subscription.answer.js';
import { pollUntil } from './poll-until.js';

export async function pauseSubscription(cli: CommandLine, name: string, json: boolean | undefined): Promise<void> {
  const paused = await cli.open(async (app) => {
    const subscriptions = app.get(Subscriptions);
    await subscriptions.pause(name);
    let hasNoted = false;
    return pollUntil(async () => {
      const status = await subscriptions.get(name);
      if (status.owner === null) return status;
      if (!hasNoted)
        cli.output.note(
          `Waiting for ${status.owner} to finish its current batch. Ctrl-C ends the waiting, not the pause.`,
        );
      hasNoted = true;
      return undefined;
    }, cli.signal);
  });
  cli.output.answer(json, subscriptionAnswer(paused), () => [
    `${name} is paused at position ${paused.position}. Resume it with: leftfold subscriptions resume ${name}`,
  ]);
}

export async function resumeSubscription(cli: CommandLine, name: string, json: boolean | undefined): Promise<void> {
  const resumed = await cli.open(async (app) => {
    const subscriptions = app.get(Subscriptions);
    await subscriptions.resume(name);
    return subscriptions.get(name);
  });
  cli.output.answer(json, subscriptionAnswer(resumed), () => [
    resumed.owner === null
      ? `${name} continues at position ${resumed.position} as soon as a process of the application runs it.`
      : `${name} continues at position ${resumed.position} in ${resumed.owner}.`,
  ]);
}
