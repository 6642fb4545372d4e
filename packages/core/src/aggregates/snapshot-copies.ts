import type { Databases } from '../databases/databases.js';
import { select } from '../databases/execute.js';
import { decodeJson, type JsonObject } from '../events/json.js';
import { PERSONAL } from '../events/reserved-names.js';
import { type EnvelopePart, openEnvelope } from '../personal-data/envelope.js';
import type { KeyRing } from '../personal-data/key-ring.js';
import { type OpenedCopy, SealedCopies } from '../personal-data/sealed-copies.js';
import type { SnapshotRow } from './snapshot-rows.js';

/** In ms. A state that was folded before a forgetting is not stored later than that after it. */
const LONGEST_COMMAND = 60 * 60 * 1_000;
/** More subjects than this in one stream, and no snapshot is taken. */
const MOST_SUBJECTS = 1_000;

/** Encrypts the snapshots of streams with personal fields, because a state may hold what the events have encrypted. */
export class SnapshotCopies {
  private readonly copies: SealedCopies;

  constructor(
    private readonly databases: Databases,
    private readonly keys: KeyRing,
  ) {
    this.copies = new SealedCopies(keys);
  }

  /** The row as it is stored; undefined when there must be none. */
  async seal(row: SnapshotRow): Promise<SnapshotRow | undefined> {
    const subjects = await this.subjectsOf(row);
    if (!subjects || subjects.length === 0) return subjects && row;
    const state = await this.copies.seal(row.state, subjects, boundTo(row));
    return state === undefined ? undefined : { ...row, state };
  }

  /** The state; undefined when a subject is forgotten. */
  async open(row: Pick<SnapshotRow, 'stream' | 'fold' | 'version' | 'state'>): Promise<OpenedCopy | undefined> {
    return this.copies.read(row.state, boundTo(row));
  }

  /**
   * The subjects whose data the state may hold. One that was forgotten long ago is not among them: the state was folded
   * without it. Undefined when it may have been folded before a forgetting, or with an event that was decided after it and
   * stored without its fields.
   */
  private async subjectsOf({ stream, version }: SnapshotRow): Promise<string[] | undefined> {
    const rows = await select<PersonalRow>(
      this.databases.events.read,
      `select e.data, e.recorded_at from leftfold_events e where e.stream = ? and e.version <= ? and e.data like ?`,
      [stream, version, `%"${PERSONAL}"%`],
    );
    const parts = rows.flatMap(partsOf);
    const isRecent = (ms: number): boolean => Date.now() - ms < LONGEST_COMMAND;
    if (parts.some(({ key, recordedAt }) => key === null && isRecent(recordedAt))) return undefined;
    const subjects = new Set(parts.filter(({ key }) => key !== null).map(({ subject }) => subject));
    if (subjects.size > MOST_SUBJECTS) return undefined;
    const left: string[] = [];
    for (const [subject, state] of await this.keys.find(subjects)) {
      if (!('forgotten' in state)) left.push(subject);
      else if (isRecent(state.forgotten.forgottenAt.getTime())) return undefined;
    }
    return left;
  }
}

interface PersonalRow {
  readonly data: string;
  readonly recorded_at: number | string;
}

function partsOf({ data, recorded_at: recordedAt }: PersonalRow): (EnvelopePart & { readonly recordedAt: number })[] {
  const parts = openEnvelope(decodeJson<JsonObject>(data))?.parts ?? [];
  return parts.map((part) => ({ ...part, recordedAt: Number(recordedAt) }));
}

function boundTo({ stream, fold, version }: Pick<SnapshotRow, 'stream' | 'fold' | 'version'>): string {
  return `snapshot ${fold} ${version} ${stream}`;
}
