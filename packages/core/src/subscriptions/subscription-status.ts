import type { RebuildReport } from './rebuild/rebuild-states.js';
import type { SubscriptionRow } from './states/subscription-row.js';
import type { Subscription } from './subscription.js';
import type { RebuildStatus, SubscriptionState, SubscriptionStatus } from './subscriptions.js';

/** @param row undefined before the first start of a process that runs it */
export function statusOf(
  { name, kind }: Subscription,
  row: SubscriptionRow | undefined,
  head: number,
): SubscriptionStatus {
  const position = row?.position ?? 0;
  const lag = Math.max(head - position, 0);
  return {
    name,
    kind,
    state: stateOf(row, lag),
    position,
    lag,
    handled: row?.handled ?? 0,
    parked: row?.parked ?? 0,
    discarded: row?.discarded ?? 0,
    // An owner that is silent for longer than a lease runs nothing any more.
    owner: row && !row.isFree ? row.owner : null,
    lastError: row?.lastError ?? null,
    rebuild: row ? rebuildOf(row) : null,
  };
}

function stateOf(row: SubscriptionRow | undefined, lag: number): SubscriptionState {
  if (row?.halted) return row.halted;
  if (row?.rebuild === 'requested' || row?.rebuild === 'running') return 'rebuilding';
  return lag > 0 ? 'catching-up' : 'live';
}

function rebuildOf(row: SubscriptionRow): RebuildStatus | null {
  if (row.rebuild) {
    return {
      state: row.rebuild,
      dryRun: row.rebuildDryRun,
      position: row.rebuildPosition,
      target: row.position,
      startedAt: row.rebuild === 'requested' ? null : row.rebuildStartedAt,
      finishedAt: null,
      error: row.rebuildError,
      comparison: null,
    };
  }
  if (!row.rebuildReport) return null;
  const {
    startedAt,
    finishedAt,
    position,
    comparison,
    dryRun = false,
  } = JSON.parse(row.rebuildReport) as RebuildReport;
  return {
    state: 'done',
    dryRun,
    position,
    target: position,
    startedAt: new Date(startedAt),
    finishedAt: new Date(finishedAt),
    error: null,
    comparison,
  };
}
