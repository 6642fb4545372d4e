import { LiveNodes } from '@leftfold/core';
import { type Alignment, table } from '../../cli/columns.js';
import type { CommandLine } from '../../cli/command-line.js';
import { nodeAnswer, type NodeRangeAnswer } from '../node.answer.js';

export async function listNodes(cli: CommandLine, json: boolean | undefined): Promise<void> {
  const found = await cli.open((app) => app.get(LiveNodes).list());
  const items = found.map(nodeAnswer);
  cli.output.answer(json, { items }, () => {
    if (items.length === 0) return ['No node is alive.'];
    const rows = items.map(({ id, roles, version, startedAt, lastSeen, ranges }) => [
      id,
      roles?.join(', ') ?? '-',
      version ?? '-',
      startedAt,
      lastSeen,
      String(ranges.length),
    ]);
    const nodes = table(['ID', 'ROLES', 'VERSION', 'STARTED', 'LAST SEEN', 'RUNS'], rows, [
      ...Array<Alignment>(5).fill('left'),
      'right',
    ]);
    return items.some(({ ranges }) => ranges.length > 0) ? [...nodes, '', ...rangeLines(items)] : nodes;
  });
}

function rangeLines(items: readonly { readonly id: string; readonly ranges: readonly NodeRangeAnswer[] }[]): string[] {
  const rows = items.flatMap(({ id, ranges }) =>
    ranges.map(({ subscription, from, to }) => [subscription, String(from), String(to), id]),
  );
  return table(['SUBSCRIPTION', 'FROM', 'TO', 'NODE'], rows.toSorted(byName), ['left', 'right', 'right']);
}

function byName([one, from]: string[], [other, otherFrom]: string[]): number {
  if (one !== other) return one! < other! ? -1 : 1;
  return Number(from) - Number(otherFrom);
}
