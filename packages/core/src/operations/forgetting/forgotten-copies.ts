import type { EntityManager } from 'typeorm';
import { execute } from '../../databases/execute.js';
import type { OpenDatabase } from '../../databases/open-database.js';
import type { EventSerializer } from '../../event-log/event-serializer.js';
import type { LogIdentity } from '../../event-log/log-identity.js';
import { subjectTag } from '../../event-log/prepared-append.js';
import { type EventRow, RecordedEvent } from '../../event-log/recorded-event.js';
import { subjectEvents } from '../../event-log/subject-events.js';
import { decodeJson, type JsonObject } from '../../events/json.js';
import { decryptFields } from '../../personal-data/decrypt-fields.js';
import { openEnvelope } from '../../personal-data/envelope.js';
import type { KeyRing } from '../../personal-data/key-ring.js';
import type { KeyState, SubjectKey } from '../../personal-data/key-store.js';
import type { Forgetting } from '../../personal-data/personal-data.js';
import type { StoreAsOwner } from '../../side-effects/log-companion.js';
import { expectedTags } from '../tags/expected-tags.js';
import type { TagRow } from '../tags/tag-rows.js';

/** Removes what the log keeps of a forgotten subject beside its events. Everything can be done again after a crash. */
export class ForgottenCopies {
  constructor(
    private readonly database: OpenDatabase,
    private readonly keys: KeyRing,
    private readonly serializer: EventSerializer,
    private readonly identity: () => Promise<LogIdentity>,
  ) {}

  /**
   * Releases the tags that come from personal fields of the subject, so that their values are free again. It needs the key,
   * because a tag tells nothing of its value.
   * @throws an error that names the event when its tags can't be computed
   */
  async releaseTags(forgetting: Forgetting, key: SubjectKey, store: StoreAsOwner): Promise<void> {
    const { tagKey } = await this.identity();
    for await (const rows of subjectEvents(this.database, forgetting.subject)) {
      const released: TagRow[] = [];
      for (const row of rows) released.push(...(await this.releasedBy(row, forgetting, key, tagKey)));
      if (released.length > 0) await store((manager) => deleteTags(manager, released));
    }
  }

  /** Deletes the snapshots of all streams that hold data of the subject. They can't be decrypted any more, either. */
  async deleteSnapshots({ subject }: Forgetting, store: StoreAsOwner): Promise<void> {
    await store(async ({ queryRunner }) => {
      await execute(
        queryRunner!,
        `delete from leftfold_snapshots where stream in (
           select e.stream from leftfold_event_tags t join leftfold_events e on e.position = t.position where t.tag = ?)`,
        [subjectTag(subject)],
      );
    });
  }

  private async releasedBy(row: EventRow, forgetting: Forgetting, key: SubjectKey, tagKey: Buffer): Promise<TagRow[]> {
    const data = decodeJson<JsonObject>(row.data);
    const subjects = openEnvelope(data)?.parts.map(({ subject }) => subject) ?? [];
    const states = await this.keys.find(subjects);
    const tags = (state: KeyState): TagRow[] => {
      const withState = new Map([...states, [forgetting.subject, state]]);
      const place = { position: Number(row.position), eventId: row.event_id };
      const recorded = RecordedEvent.of(row, () =>
        decryptFields(openEnvelope(decodeJson<JsonObject>(row.data))!, place, withState),
      );
      return expectedTags(this.serializer, tagKey, recorded);
    };
    const left = new Set(tags({ forgotten: forgetting }).map(({ tag }) => tag));
    return tags({ key }).filter(({ tag }) => !left.has(tag));
  }
}

/** Decisions read their states again, so that none of them knows the tags, or the data, any more. */
export async function renewDecisions(manager: EntityManager): Promise<void> {
  await execute(manager.queryRunner!, 'update leftfold_event_log set tags_generation = tags_generation + 1', []);
}

async function deleteTags(manager: EntityManager, rows: readonly TagRow[]): Promise<void> {
  for (const { tag, position } of rows) {
    await execute(manager.queryRunner!, 'delete from leftfold_event_tags where tag = ? and position = ?', [
      tag,
      position,
    ]);
  }
}
