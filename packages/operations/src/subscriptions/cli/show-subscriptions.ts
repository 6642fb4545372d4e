import { MessageHandlers, Subscriptions } from '@leftfold/core';
import { fields, table } from '../../cli/columns.js';
import type { CommandLine } from '../../cli/command-line.js';
import { count } from '../../cli/format.js';
import { type SubscriptionAnswer, subscriptionAnswer } from '../subscription.answer.js';
import { messageHandlerLines } from '../../message-handlers/cli/message-handler-lines.js';
import { messageHandlerAnswer } from '../../message-handlers/message-handler.answer.js';
import { comparisonLines } from './comparison-lines.js';

export async function listSubscriptions(cli: CommandLine, json: boolean | undefined): Promise<void> {
  const [found, handlers] = await cli.open((app) =>
    Promise.all([app.get(Subscriptions).list(), app.get(MessageHandlers).list()]),
  );
  const items = found.map(subscriptionAnswer);
  const messageHandlers = handlers.map(messageHandlerAnswer);
  cli.output.answer(json, { items, messageHandlers }, () => [
    ...table(
      ['NAME', 'KIND', 'STATE', 'POSITION', 'LAG', 'PARKED', 'OWNER', 'LAST ERROR'],
      items.map(({ name, kind, state, position, lag, parked, owner, lastError }) => [
        name,
        kind,
        state,
        count(position),
        count(lag),
        count(parked),
        owner ?? '-',
        lastError ?? '-',
      ]),
      ['left', 'left', 'left', 'right', 'right', 'right'],
    ),
    ...messageHandlerLines(messageHandlers),
  ]);
}

export async function showSubscription(cli: CommandLine, name: string, json: boolean | undefined): Promise<void> {
  const found = await cli.open((app) => app.get(Subscriptions).get(name));
  const answer = subscriptionAnswer(found);
  cli.output.answer(json, answer, () => subscriptionLines(answer));
}

function subscriptionLines(answer: SubscriptionAnswer): string[] {
  return [...stateLines(answer), ...rangeLines(answer)];
}

/** Nothing while it runs as one: then the other lines say it all. */
function rangeLines({ ranges }: SubscriptionAnswer): string[] {
  if (ranges.length < 2) return [];
  const rows = ranges.map(({ from, to, owner, position, lag }) => [
    `${from}-${to}`,
    count(position),
    count(lag),
    owner ?? '-',
  ]);
  return ['', ...table(['PARTITIONS', 'POSITION', 'LAG', 'OWNER'], rows, ['left', 'right', 'right', 'left'])];
}

function stateLines(answer: SubscriptionAnswer): string[] {
  const { pendingCommands, scheduledCommands } = answer;
  const { name, kind, state, position, lag, handled, parked, discarded, owner, lastError, rebuild } = answer;
  const { restarts, restartAt } = answer;
  const lines = fields([
    ['Name', name],
    ['Kind', kind],
    ['State', state],
    ['Position', count(position)],
    ['Lag', count(lag)],
    ...(kind === 'saga'
      ? ([['Commands', `${count(pendingCommands)} pending, ${count(scheduledCommands)} scheduled`]] as const)
      : []),
    ['Handled', count(handled)],
    ['Parked', count(parked)],
    ['Discarded', count(discarded)],
    ['Owner', owner ?? '-'],
    ['Last error', lastError ?? '-'],
    ...(restarts > 0
      ? ([
          ['Restarts', `${count(restarts)} without progress, ${restartAt ? `next at ${restartAt}` : 'none planned'}`],
        ] as const)
      : []),
  ]);
  if (!rebuild) return lines;
  const rebuildFields = fields([
    [rebuild.dryRun ? 'Dry run' : 'Rebuild', rebuild.state],
    ['Position', `${count(rebuild.position)} of ${count(rebuild.target)}`],
    ['Started', rebuild.startedAt ?? '-'],
    ['Finished', rebuild.finishedAt ?? '-'],
    ['Error', rebuild.error ?? '-'],
  ]);
  return [...lines, '', ...rebuildFields, ...(rebuild.comparison ? ['', ...comparisonLines(rebuild.comparison)] : [])];
}
