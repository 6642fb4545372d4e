import type { QueryRunner } from 'typeorm';
import type { Databases } from '../../databases/databases.js';
import { execute } from '../../databases/execute.js';
import type { MissingTags } from '../../event-log/tag-versions.js';

/** Stores how far the rebuild of a type's tags has gone, so that a later one goes on from there. */
export async function saveProgress(
  runner: QueryRunner,
  { type, tagsVersion }: MissingTags,
  builtTo: number,
): Promise<void> {
  // Of two rebuilds at once the one that is ahead counts.
  await execute(
    runner,
    `insert into leftfold_tag_versions (type, tags_version, building_version, built_to) values (?, 0, ?, ?)
     on conflict (type) do update set built_to = excluded.built_to, building_version = excluded.building_version
      where leftfold_tag_versions.building_version <> excluded.building_version
         or leftfold_tag_versions.built_to < excluded.built_to`,
    [type, tagsVersion, builtTo],
  );
}

/**
 * Records that all events of the type have their tags. States of decision models from before are not used any more: a
 * decision sees the new generation when it reads the head, and its models read the log again.
 */
export async function complete(databases: Databases, { type, tagsVersion }: MissingTags): Promise<void> {
  await databases.besideTheLog(async ({ queryRunner }) => {
    const sql = 'update leftfold_tag_versions set tags_version = ? where type = ? and tags_version < ?';
    await execute(queryRunner!, sql, [tagsVersion, type, tagsVersion]);
    await execute(queryRunner!, 'update leftfold_event_log set tags_generation = tags_generation + 1', []);
    await execute(queryRunner!, 'delete from leftfold_decision_snapshots', []);
  });
}
