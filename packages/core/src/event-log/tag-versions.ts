import type { QueryRunner } from 'typeorm';
import type { Databases } from '../databases/databases.js';
import { execute, select } from '../databases/execute.js';
import type { EventRegistry } from '../events/event-registry.js';

/** A stored type whose events lack tags that today's class gives them. */
export interface MissingTags {
  readonly type: string;
  /** Version of the tags that the class declares. */
  readonly tagsVersion: number;
  /** Version for which the log is complete; 0 for none. */
  readonly completeFor: number;
  /** Position up to which a rebuild for this version has gone; 0 before the first. */
  readonly builtTo: number;
}

interface Row {
  readonly type: string;
  readonly tags_version: number;
  readonly building_version: number;
  readonly built_to: number | string;
}

/** Knows for which version of its tags the log is complete, for each stored type. */
export class TagVersions {
  constructor(
    private readonly databases: Databases,
    private readonly registry: EventRegistry,
  ) {}

  /**
   * Records what is complete by itself: the types that have no events yet. From here on this process stores events with
   * the tags of its own classes, so the log is complete at most for their versions. Call it before the first append.
   */
  async establish(): Promise<void> {
    const rows = await this.rows();
    const changed = this.declared().filter(({ type, tagsVersion }) => rows.get(type)?.tags_version !== tagsVersion);
    if (changed.length === 0) return;
    await this.databases.besideTheLog(async ({ queryRunner }) => {
      for (const { type, tagsVersion } of changed) await establish(queryRunner!, type, tagsVersion);
    });
  }

  /** The types whose stored events lack tags, in the order of their names. */
  async missing(): Promise<MissingTags[]> {
    const rows = await this.rows();
    const lacking = this.declared().filter(
      ({ type, tagsVersion }) => (rows.get(type)?.tags_version ?? 0) < tagsVersion,
    );
    const missing: MissingTags[] = [];
    for (const { type, tagsVersion } of await this.storedOf(lacking)) {
      const row = rows.get(type);
      const builtTo = row?.building_version === tagsVersion ? Number(row.built_to) : 0;
      missing.push({ type, tagsVersion, completeFor: row?.tags_version ?? 0, builtTo });
    }
    return missing;
  }

  /** All types with tags that have events, as if none of them were complete, in the order of their names. */
  async stored(): Promise<MissingTags[]> {
    const tagged = await this.storedOf(this.declared().filter(({ tagsVersion }) => tagsVersion > 0));
    return tagged.map(({ type, tagsVersion }) => ({ type, tagsVersion, completeFor: 0, builtTo: 0 }));
  }

  private async storedOf<T extends { readonly type: string }>(types: readonly T[]): Promise<T[]> {
    const stored: T[] = [];
    for (const each of types) if (await this.isStored(each.type)) stored.push(each);
    return stored;
  }

  private async rows(): Promise<Map<string, Row>> {
    const rows = await select<Row>(this.databases.events.read, 'select * from leftfold_tag_versions', []);
    return new Map(rows.map((row) => [row.type, row]));
  }

  private async isStored(type: string): Promise<boolean> {
    const sql = 'select position from leftfold_events where type = ? limit 1';
    return (await select(this.databases.events.read, sql, [type])).length > 0;
  }

  /** Nodes that start together write in one order, so that none waits for the other. */
  private declared(): { type: string; tagsVersion: number }[] {
    const declared = this.registry.classes.flatMap((eventClass) => {
      const { tagsVersion } = this.registry.forClass(eventClass);
      return this.registry.storedNames(eventClass).map((type) => ({ type, tagsVersion }));
    });
    return declared.toSorted((one, other) => (one.type < other.type ? -1 : 1));
  }
}

async function establish(runner: QueryRunner, type: string, tagsVersion: number): Promise<void> {
  await execute(
    runner,
    `insert into leftfold_tag_versions (type, tags_version)
     select ?, case when exists (select 1 from leftfold_events where type = ?) then 0 else cast(? as integer) end
      where true
     on conflict (type) do nothing`,
    [type, type, tagsVersion],
  );
  await execute(
    runner,
    `update leftfold_tag_versions set tags_version = ?
      where type = ? and (tags_version > ? or not exists (select 1 from leftfold_events where type = ?))`,
    [tagsVersion, type, tagsVersion, type],
  );
}
