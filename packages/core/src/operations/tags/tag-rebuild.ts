import { setImmediate as nextTurn } from 'node:timers/promises';
import { Databases } from '../../databases/databases.js';
import { select } from '../../databases/execute.js';
import { EventLog } from '../../event-log/event-log.js';
import { EventSerializer } from '../../event-log/event-serializer.js';
import { establishIdentity } from '../../event-log/log-identity.js';
import type { RecordedEvent } from '../../event-log/recorded-event.js';
import { type MissingTags, TagVersions } from '../../event-log/tag-versions.js';
import { expectedTags } from './expected-tags.js';
import { complete, saveProgress } from './rebuild-progress.js';
import { type TagRow, addTags, missingTags } from './tag-rows.js';

/** Options of a rebuild of tags. */
export interface TagRebuildOptions {
  /** Only counts the tags that are missing. */
  readonly dryRun?: boolean;
  /**
   * Reads the events of all types from the beginning, also of those that are recorded as complete. For tags that
   * `LogVerifier` misses, such as after a node with former classes ran beside this version.
   */
  readonly all?: boolean;
  /** Called after each batch: how many events were read, and how many there are. */
  readonly onProgress?: (events: number, of: number) => void;
  /** Interrupts it between two batches. The next rebuild goes on from there. */
  readonly signal?: AbortSignal;
  /** Events of a batch, 1 to 10,000; 500 when left out. */
  readonly batch?: number;
}

/** What a rebuild has done for one stored type. */
export interface RebuiltTags {
  readonly type: string;
  /** Version of the tags that its class declares. */
  readonly tagsVersion: number;
  /** Events that were read. Those that an interrupted rebuild had read are not among them. */
  readonly events: number;
  /** Tags that were added; in a dry run, tags that are missing. */
  readonly added: number;
}

const BATCH = 500;

/**
 * Gives stored events the tags that today's classes declare. It adds tags and removes none. It may run while nodes append
 * events, if all of them run this version: a node with the classes of before goes on to store events without the tags.
 */
export class TagRebuild {
  constructor(
    private readonly databases: Databases,
    private readonly log: EventLog,
    private readonly serializer: EventSerializer,
    private readonly versions: TagVersions,
  ) {}

  /** The types whose stored events lack tags. */
  missing(): Promise<MissingTags[]> {
    return this.versions.missing();
  }

  /**
   * Rebuilds the tags of all types that lack some. Its progress is stored with each batch. Two at once do the same work
   * twice, and nothing worse. A decision that begins after it has ended finds every event by its tags. Until then,
   * decisions find the events that this version stored, and may miss older ones.
   * @throws the signal's reason when it is aborted; UnknownEventTypeError; an error that names the event when its tags
   * can't be computed
   */
  async run(options: TagRebuildOptions = {}): Promise<RebuiltTags[]> {
    const missing = options.all ? await this.versions.stored() : await this.missing();
    const counts = await Promise.all(missing.map((each) => this.count(each)));
    const of = counts.reduce((sum, count) => sum + count, 0);
    const { tagKey } = await establishIdentity(this.databases.events.write);
    const rebuilt: RebuiltTags[] = [];
    let before = 0;
    for (const each of missing) {
      const onProgress = (events: number): void => options.onProgress?.(Math.min(before + events, of), of);
      const { events, added } = await this.rebuild(each, tagKey, { ...options, onProgress });
      if (!options.dryRun) await complete(this.databases, each);
      before += events;
      rebuilt.push({ type: each.type, tagsVersion: each.tagsVersion, events, added });
    }
    return rebuilt;
  }

  private async rebuild(
    missing: MissingTags,
    tagKey: Buffer,
    { dryRun = false, onProgress, signal, batch = BATCH }: TagRebuildOptions & { onProgress: (events: number) => void },
  ): Promise<{ events: number; added: number }> {
    const { type, builtTo } = missing;
    const head = await this.log.head();
    let [events, added, after] = [0, 0, builtTo];
    while (after < head) {
      signal?.throwIfAborted();
      const slice = await this.log.readAll({ after, upTo: head, limit: batch, types: [type] });
      const rows = slice.events.flatMap((event) => this.rowsOf(event, tagKey));
      if (dryRun) added += (await missingTags(this.databases.events.read, rows)).length;
      else added += await this.add(missing, rows, slice.upTo);
      events += slice.events.length;
      after = slice.upTo;
      onProgress(events);
      await nextTurn();
    }
    return { events, added };
  }

  private add(missing: MissingTags, rows: readonly TagRow[], builtTo: number): Promise<number> {
    return this.databases.besideTheLog(async ({ queryRunner }) => {
      const count = await addTags(queryRunner!, rows);
      await saveProgress(queryRunner!, missing, builtTo);
      return count;
    });
  }

  private rowsOf(recorded: RecordedEvent, tagKey: Buffer): TagRow[] {
    try {
      return expectedTags(this.serializer, tagKey, recorded);
    } catch (error) {
      throw new Error(`${(error as Error).message} Correct its upcaster or its tags, and run the rebuild again.`, {
        cause: error,
      });
    }
  }

  private async count({ type, builtTo }: MissingTags): Promise<number> {
    const sql = 'select count(*) as events from leftfold_events where type = ? and position > ?';
    const [row] = await select<{ events: number | string }>(this.databases.events.read, sql, [type, builtTo]);
    return Number(row!.events);
  }
}
