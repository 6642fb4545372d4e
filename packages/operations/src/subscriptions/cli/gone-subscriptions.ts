import { Subscriptions } from '@leftfold/core';
import { printable, table } from '../../cli/columns.js';
import type { CommandLine } from '../../cli/command-line.js';
import { count } from '../../cli/format.js';
import { goneSubscriptionAnswer } from '../gone-subscription.answer.js';

export async function listGoneSubscriptions(cli: CommandLine, json: boolean | undefined): Promise<void> {
  const found = await cli.open((app) => app.get(Subscriptions).listGone());
  const items = found.map(goneSubscriptionAnswer);
  cli.output.answer(json, { items }, () => {
    if (items.length === 0) return ['There are no gone subscriptions with remaining work.'];
    return table(
      ['NAME', 'POSITION', 'EVENTS', 'COMMANDS', 'OWNER'],
      items.map(({ name, position, events, commands, owner }) => [
        name,
        count(position),
        count(events),
        count(commands),
        owner ?? '-',
      ]),
      ['left', 'right', 'right', 'right'],
    );
  });
}

export async function discardGoneSubscription(
  cli: CommandLine,
  name: string,
  json: boolean | undefined,
): Promise<void> {
  await cli.open((app) => app.get(Subscriptions).discardGone(name));
  cli.output.answer(json, { name }, () => [`The remaining work of ${printable(name)} was discarded.`]);
}

export async function moveGoneSubscription(
  cli: CommandLine,
  name: string,
  successor: string,
  json: boolean | undefined,
): Promise<void> {
  await cli.open((app) => app.get(Subscriptions).moveGone(name, successor));
  cli.output.answer(json, { name: successor }, () => [
    `The remaining work of ${printable(name)} was moved to ${successor}. Dead letters stay dead letters until they are retried.`,
  ]);
}
