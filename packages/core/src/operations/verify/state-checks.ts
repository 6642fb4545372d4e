import type { DataSource } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { select } from '../../databases/execute.js';
import type { Findings, VerifyCheck } from './finding.js';
import type { CheckedState } from './read-states.js';

/**
 * Checks whether a row of state fits the log. The log never changes up to a checkpoint, so the subscription may run
 * during the check: its row is read first, and compared with a log that is at least as long.
 */
export class StateChecks {
  constructor(
    private readonly events: DataSource,
    private readonly log: { readonly id: string | undefined; readonly head: number },
    private readonly findings: Findings,
  ) {}

  /**
   * @param counted number of events of its types between its start and its checkpoint; undefined when the types are not
   * known
   */
  async check(state: CheckedState, counted: number | undefined): Promise<void> {
    // Without a valid position in this log there is nothing to count.
    if (this.checkLog(state) && this.checkPositions(state)) {
      await this.checkEvent(state);
      this.checkCount(state, counted);
    }
    this.checkParked(state);
  }

  private checkLog(state: CheckedState): boolean {
    if (this.log.id === undefined || state.logId === this.log.id) return true;
    this.add(state, 'origin', `follows the log ${state.logId}, and this is the log ${this.log.id}`);
    return false;
  }

  private checkPositions(state: CheckedState): boolean {
    const { startPosition: start, position } = state;
    const { head } = this.log;
    if (position > head) {
      const what = `is at position ${position}, and the log ends at ${head}: the log was restored to an earlier state`;
      this.add(state, 'checkpoint', what);
    } else if (!(position >= 0)) {
      this.add(state, 'checkpoint', `is at position ${position}, which is not a valid one`);
    } else if (!(start >= 0 && start <= position)) {
      this.add(state, 'checkpoint', `counts the events after position ${start}, and is at position ${position} itself`);
    } else return true;
    return false;
  }

  private async checkEvent(state: CheckedState): Promise<void> {
    const { eventId, position } = state;
    if (eventId === null) return;
    const eventPosition = await this.positionOf(eventId);
    if (eventPosition === undefined) {
      const what = `has handled the event ${eventId}, which is not in the log: the log was restored to an earlier state`;
      this.add(state, 'origin', what, position);
    } else if (eventPosition > position) {
      const what = `has handled the event ${eventId} at position ${eventPosition}, and is only at position ${position}`;
      this.add(state, 'origin', what, eventPosition);
    }
  }

  private async positionOf(eventId: string): Promise<number | undefined> {
    // PostgreSQL raises an error when an id is compared with a text that is no UUID.
    if (!isUuid(eventId)) return undefined;
    const [row] = await select<{ position: number | string }>(
      this.events,
      'select position from leftfold_events where event_id = ?',
      [eventId],
    );
    return row && Number(row.position);
  }

  private checkCount(state: CheckedState, counted: number | undefined): void {
    const { handled, parked, startPosition, position } = state;
    const discarded = state.discarded - state.discardedBefore;
    if (state.types === 'unreadable') {
      this.add(state, 'count', 'counts events of types that are no JSON list of names, so its count is meaningless');
    }
    const sum = handled + parked + discarded;
    if (counted === undefined || sum === counted) return;
    const what =
      `has handled ${handled}, parked ${parked} and discarded ${discarded} events after position ${startPosition} ` +
      `up to ${position}, together ${sum}; the log has ${counted} of its types there` +
      (state.kind === 'read model' ? ': rebuild it' : '');
    this.add(state, 'count', what, position);
  }

  private checkParked(state: CheckedState): void {
    const { storedParked, startPosition } = state;
    const parked = state.parked + state.parkedByRanges;
    if (parked === storedParked) return;
    const what = `counts ${parked} parked events after position ${startPosition}, and ${storedParked} are stored for it`;
    this.add(state, 'parked', what);
  }

  private add({ kind, name }: CheckedState, check: VerifyCheck, what: string, position?: number): void {
    const message = `The ${kind} "${name}" ${what}.`;
    this.findings.add({ check, where: `${kind} ${name}`, message, ...(position === undefined ? {} : { position }) });
  }
}
