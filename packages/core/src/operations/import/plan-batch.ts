import type { LogIdentity } from '../../event-log/log-identity.js';
import type { EventSerializer } from '../../event-log/event-serializer.js';
import { closingTag, subjectsOf, subjectTag } from '../../event-log/prepared-append.js';
import { RecordedEvent } from '../../event-log/recorded-event.js';
import { decodeJson, type JsonObject } from '../../events/json.js';
import { UnreadableFieldError } from '../../personal-data/decrypt-fields.js';
import { mayBeEnveloped } from '../../personal-data/envelope.js';
import type { Decrypt } from '../../personal-data/personal-fields-cipher.js';
import { expectedTags } from '../tags/expected-tags.js';
import type { TagRow } from '../tags/tag-rows.js';
import { ImportRefusedError } from './import.errors.js';
import { type IncomingEvent, rowOfIncoming } from './incoming-event.js';
import { refuseOtherContent, type StoredEvent } from './stored-event.js';

/** What the log has, as far as a batch needs it. */
export interface LogState {
  readonly head: number;
  /** Of the last event, in ms. */
  readonly recordedAt: number;
  /** The clock of the database, in ms. */
  readonly now: number;
  /** The events of the batch that are stored already, by their ids. */
  readonly stored: ReadonlyMap<string, StoredEvent>;
  /** Versions of the streams of the batch. */
  readonly versions: ReadonlyMap<string, number>;
  /** The streams of the batch that are closed. */
  readonly closed: ReadonlySet<string>;
}

/** An event as it is stored. */
export type PlannedEvent = Omit<IncomingEvent, 'position' | 'version'> & {
  readonly position: number;
  readonly version: number;
};

/** What a batch stores. */
export interface BatchPlan {
  readonly events: readonly PlannedEvent[];
  readonly tags: readonly TagRow[];
  /** Number of events that are there already. */
  readonly skipped: number;
  /** Number of events whose time was before that of the last event of the log. */
  readonly laterTimes: number;
}

/** How events become those of this log. */
export interface PlanRules {
  /** Whether positions are those of the file. */
  readonly keepsPositions: boolean;
  readonly serializer: EventSerializer;
  readonly tagKey: LogIdentity['tagKey'];
}

/** How to decrypt events of a batch, by their ids. */
export type Decrypts = ReadonlyMap<string, Decrypt>;

/** A clock that is a little ahead is no reason to refuse. In ms. */
const AHEAD = 60_000;

/** @throws ImportRefusedError that names the line */
export function planBatch(
  batch: readonly IncomingEvent[],
  log: LogState,
  rules: PlanRules,
  decrypts: Decrypts = new Map(),
): BatchPlan {
  const versions = new Map(log.versions);
  const closed = new Set(log.closed);
  const known = new Map(log.stored);
  const events: PlannedEvent[] = [];
  const tags: TagRow[] = [];
  let [{ head, recordedAt }, skipped, laterTimes] = [log, 0, 0];
  for (const incoming of batch) {
    if (isThere(incoming, known.get(incoming.id), rules, head)) {
      skipped += 1;
      continue;
    }
    const position = positionOf(incoming, head, rules);
    const version = versionOf(incoming, versions.get(incoming.stream) ?? 0, closed);
    const planned = atTime({ ...incoming, position, version }, recordedAt, log.now, rules);
    if (planned.recordedAt !== incoming.recordedAt) laterTimes += 1;
    tags.push(...tagsOf(planned, rules, decrypts.get(planned.id)));
    events.push(planned);
    known.set(planned.id, planned);
    versions.set(planned.stream, version);
    if (planned.closes) closed.add(planned.stream);
    [head, recordedAt] = [position, planned.recordedAt];
  }
  return { events, tags, skipped, laterTimes };
}

function isThere(
  incoming: IncomingEvent,
  stored: StoredEvent | undefined,
  { keepsPositions }: PlanRules,
  head: number,
): boolean {
  const { line, id, position, stream, version, type } = incoming;
  if (!stored) {
    if (!keepsPositions || position! > head) return false;
    throw ImportRefusedError.inLine(
      line,
      `position ${position} of this log has another event than the file. ${ANOTHER_LOG}`,
    );
  }
  const isSame =
    stored.stream === stream &&
    stored.type === type &&
    (version === undefined || stored.version === version) &&
    (!keepsPositions || stored.position === position);
  if (isSame) {
    refuseOtherContent(incoming, stored, keepsPositions);
    return true;
  }
  throw ImportRefusedError.inLine(
    line,
    `the event id ${id} is that of another event of this log, at position ${stored.position}. ${ANOTHER_LOG}`,
  );
}

const ANOTHER_LOG = 'Import into another log, or leave the event out of the file.';

function positionOf({ line, position }: IncomingEvent, head: number, { keepsPositions }: PlanRules): number {
  if (!keepsPositions || position === head + 1) return head + 1;
  throw ImportRefusedError.inLine(
    line,
    `position ${position} follows, and the log ends at ${head}. Positions are kept only without gaps: import the file of the ` +
      'positions between first, or add the events at new positions with --onto.',
  );
}

function versionOf({ line, stream, version }: IncomingEvent, actual: number, closed: ReadonlySet<string>): number {
  if (closed.has(stream)) {
    throw ImportRefusedError.inLine(
      line,
      `the stream ${stream} is closed in this log. Leave its later events out of the file.`,
    );
  }
  if (version === undefined || version === actual + 1) return actual + 1;
  throw ImportRefusedError.inLine(
    line,
    `the event is version ${version} of the stream ${stream}, which is at version ${actual} in this log. ` +
      (version <= actual
        ? 'The log has other events there: import into another log, or leave the stream out of the file.'
        : 'Import the file with the events before first.'),
  );
}

/** Times never decrease along positions. A time that must be changed is kept in the metadata. */
function atTime(event: PlannedEvent, last: number, now: number, { keepsPositions }: PlanRules): PlannedEvent {
  const { line, recordedAt } = event;
  if (recordedAt > now + AHEAD) {
    throw ImportRefusedError.inLine(line, `${new Date(recordedAt).toISOString()} is in the future. Correct the time.`);
  }
  if (recordedAt >= last) return event;
  if (keepsPositions) {
    throw ImportRefusedError.inLine(line, 'the event was recorded before the one before it. Restore the file.');
  }
  const { custom, ...metadata } = JSON.parse(event.metadata) as { custom?: object };
  const kept = { ...metadata, custom: { ...custom, recordedAt: new Date(recordedAt).toISOString() } };
  return { ...event, recordedAt: last, metadata: JSON.stringify(kept) };
}

function tagsOf(event: PlannedEvent, { serializer, tagKey }: PlanRules, decrypt: Decrypt | undefined): TagRow[] {
  const { line, position, stream, closes } = event;
  const recorded = RecordedEvent.of(rowOfIncoming(event), decrypt);
  try {
    // Also for an event without tags: stored without its keys, a later event would make others for its subjects.
    if (decrypt) void recorded.data;
    const tags = expectedTags(serializer, tagKey, recorded);
    const ofTheLog = [...(closes ? [closingTag(stream)] : []), ...subjectTagsOf(event.data)];
    return [...tags, ...ofTheLog.map((tag) => ({ tag, position }))];
  } catch (error) {
    if (error instanceof UnreadableFieldError && error.lacksKey) throw withoutKey(line, error);
    throw ImportRefusedError.inLine(line, (error as Error).message);
  }
}

/** Keys are never in the file. */
export function withoutKey(line: number, { path, why }: UnreadableFieldError): ImportRefusedError {
  return ImportRefusedError.inLine(
    line,
    `the personal field "${path}" can't be read: ${why} The keys are not in the file: use the master key of the log that it is ` +
      'from, copy the rows of its table leftfold_personal_keys, and import again.',
  );
}

function subjectTagsOf(dataText: string): string[] {
  return mayBeEnveloped(dataText) ? subjectsOf(decodeJson<JsonObject>(dataText)).map(subjectTag) : [];
}
