import { setImmediate as nextTurn } from 'node:timers/promises';
import { Databases } from '../../databases/databases.js';
import { EventChecks } from './event-checks.js';
import { checkFiles } from './file-checks.js';
import { type Finding, Findings } from './finding.js';
import { LookUpChecks, readFilledChunks } from './look-up-checks.js';
import type { LogSeal } from '../log-seal.js';
import { OutboxChecks, readOutbox } from './outbox-checks.js';
import { ParkedChecks, readParked } from './parked-checks.js';
import { type LogExtent, readExtent, readRanges } from './read-events.js';
import { readStates } from './read-states.js';
import { StateChecks } from './state-checks.js';
import type { TagAudit } from './tag-audit.js';
import { Tally } from './tally.js';

/** Progress of a verification. */
export interface VerifyProgress {
  /** Position up to which the log was checked. It never decreases, and ends at `of`. */
  readonly events: number;
  /** Position of the last event when the verification began. */
  readonly of: number;
  /** Number of findings so far. */
  readonly findings: number;
}

/** Options for following and interrupting a verification. */
export interface VerifyOptions {
  /** Called after every range of the log. */
  readonly onProgress?: (progress: VerifyProgress) => void;
  /** Interrupts it between two ranges. */
  readonly signal?: AbortSignal;
  /** The most findings that are kept; 100 when left out. */
  readonly most?: number;
  /** The most rows that one statement reads; 10,000 when left out. */
  readonly slice?: number;
  /**
   * Whether SQLite checks the pages and indexes of its files, too, in a process of its own; true when left out. It takes about
   * as long as the rest.
   */
  readonly files?: boolean;
}

/** Result of a verification. */
export interface VerifyReport {
  /** Null when the log's identity is missing. */
  readonly logId: string | null;
  /** Number of events checked. */
  readonly events: number;
  /** Number of streams among them. */
  readonly streams: number;
  /** Number of rows of state checked: read models and other subscriptions. */
  readonly subscriptions: number;
  /** Number of parked events checked. */
  readonly parked: number;
  /** Number of commands of sagas checked that are not done. */
  readonly commands: number;
  /** Number of events that were compared with the tree of hashes; null when nothing seals this log. */
  readonly sealed: number | null;
  /**
   * Number of tags that today's classes don't give their events, such as those from before `tags` changed. They are no
   * violation: a rebuild of tags removes none. Decisions by them still find these events.
   */
  readonly formerTags: number;
  /** Number of events whose tags were not checked, because they are made of personal fields, and the keys are not here. */
  readonly uncheckedTags: number;
  /** The first findings. */
  readonly findings: readonly Finding[];
  /** Total number of findings. */
  readonly found: number;
  /** True when there are no findings. */
  readonly ok: boolean;
}

const MOST = 100;
const SLICE = 10_000;

/**
 * Checks the log against its own rules, look-ups, checkpoints, parked events and the outbox of sagas against the log, the tags of
 * events against the application's classes, each event against its hash, if the log is sealed, and the files of SQLite. It only reads,
 * and may run while other processes append and handle events.
 */
export class LogVerifier {
  constructor(
    private readonly databases: Databases,
    /** Checks of tags by the application's classes; undefined for none. */
    private readonly tags?: TagAudit,
    /** What seals the log, if something does. */
    private readonly seal?: LogSeal,
  ) {}

  /** Rejects with the signal's reason when it is aborted. */
  async verify({
    onProgress,
    signal,
    most = MOST,
    slice = SLICE,
    files = true,
  }: VerifyOptions = {}): Promise<VerifyReport> {
    signal?.throwIfAborted();
    const events = this.databases.events.read;
    const findings = new Findings(most);
    // First: what is read from a damaged page may be wrong, or can't be read at all.
    if (files) await checkFiles(this.databases, findings, most, signal);
    // Reads the rows of state before the events, so that no checkpoint can be beyond the head.
    const states = await readStates(this.databases);
    const filledChunks = await readFilledChunks(events);
    const extent = await readExtent(events);
    checkExtent(extent, this.databases.events.namespace.nameOf('leftfold_event_log'), findings);

    const checks = new EventChecks(findings);
    const tally = new Tally(states);
    const tags = await this.tags?.begin(findings);
    for await (const range of readRanges(events, extent.head, slice)) {
      for (const event of range) {
        checks.check(event);
        tally.add(event);
      }
      await tags?.check(range);
      onProgress?.({ events: range.at(-1)!.position, of: extent.head, findings: findings.count });
      await yieldToEventLoop(signal);
    }
    checks.expectUpTo(extent.head + 1);
    const formerTags = (await tags?.finish(extent.head, slice, () => yieldToEventLoop(signal))) ?? 0;
    const lookUps = new LookUpChecks(events, findings);
    for (let chunk = 0; chunk < filledChunks; chunk++) {
      await lookUps.check(chunk);
      await yieldToEventLoop(signal);
    }

    const stateChecks = new StateChecks(events, { id: extent.ids[0], head: extent.head }, findings);
    for (const state of states) await stateChecks.check(state, tally.of(state));
    const parked = await this.checkParked(findings, slice, signal);
    const commands = await this.checkOutbox(findings, slice, signal);
    const sealed = await this.checkSeal(findings, most, signal);

    return {
      logId: extent.ids[0] ?? null,
      events: checks.events,
      streams: checks.streams,
      subscriptions: states.length,
      parked,
      commands,
      sealed,
      formerTags,
      uncheckedTags: tags?.unchecked ?? 0,
      findings: findings.kept,
      found: findings.count,
      ok: findings.count === 0,
    };
  }

  private async checkParked(findings: Findings, slice: number, signal: AbortSignal | undefined): Promise<number> {
    const checks = new ParkedChecks(findings);
    let seen = 0;
    for await (const page of readParked(this.databases.events.read, slice)) {
      for (const row of page) checks.check(row);
      seen += page.length;
      await yieldToEventLoop(signal);
    }
    return seen;
  }

  private async checkOutbox(findings: Findings, slice: number, signal: AbortSignal | undefined): Promise<number> {
    const checks = new OutboxChecks(findings);
    let seen = 0;
    for await (const page of readOutbox(this.databases.events.read, slice)) {
      for (const row of page) checks.check(row);
      seen += page.length;
      await yieldToEventLoop(signal);
    }
    return seen;
  }

  private async checkSeal(findings: Findings, most: number, signal: AbortSignal | undefined): Promise<number | null> {
    if (!this.seal) return null;
    const report = await this.seal.verify({ most, signal });
    for (const { position, message } of report.findings) {
      findings.add({ check: 'seal', where: 'log', message, ...(position === undefined ? {} : { position }) });
    }
    findings.addMore(report.found - report.findings.length);
    return report.sealed;
  }
}

function checkExtent({ first, ids }: LogExtent, table: string, findings: Findings): void {
  if (ids.length !== 1) {
    const message = `The table ${table} has ${ids.length} rows; it must have exactly one, the identity of the log.`;
    findings.add({ check: 'origin', where: 'log', message });
  }
  if (first !== undefined && first < 1) {
    const message = `The log begins at position ${first}; positions start at 1.`;
    findings.add({ check: 'positions', where: 'log', message, position: first });
  }
}

/** SQLite answers synchronously, so the loop must yield to other work, such as the abort of this very run. */
async function yieldToEventLoop(signal: AbortSignal | undefined): Promise<void> {
  await nextTurn();
  signal?.throwIfAborted();
}
