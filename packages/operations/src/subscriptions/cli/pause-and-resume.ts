import { Subscriptions } from '@leftfold/core';
import type { CommandLine } from '../../cli/command-line.js';
import { subscriptionAnswer } from '../subscription.answer.js';
import { lookUntil } from './look-again.js';

export async function pauseSubscription(cli: CommandLine, name: string, json: boolean | undefined): Promise<void> {
  const paused = await cli.open(async (app) => {
    const subscriptions = app.get(Subscriptions);
    await subscriptions.pause(name);
    let told = false;
    return lookUntil(async () => {
      const status = await subscriptions.get(name);
      if (status.owner === null) return status;
      if (!told)
        cli.output.note(
          `Waiting for ${status.owner} to finish its current batch; Ctrl-C stops the waiting, not the pause.`,
        );
      told = true;
      return undefined;
    }, cli.signal);
  });
  cli.output.answer(json, subscriptionAnswer(paused), () => [
    `${name} is paused at position ${paused.position}. Let it go on with: leftfold subscriptions resume ${name}`,
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
      ? `${name} may go on at position ${resumed.position}, as soon as a process of the application takes it.`
      : `${name} goes on at position ${resumed.position}, in ${resumed.owner}.`,
  ]);
}
