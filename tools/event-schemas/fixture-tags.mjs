import { EventSerializer } from '../../packages/core/src/event-log/event-serializer.js';
import { RecordedEvent } from '../../packages/core/src/event-log/recorded-event.js';
import { EventRegistry } from '../../packages/core/src/events/event-registry.js';

/**
 * The tags of stored events, as `name=value`: for each type and version of its tags, for each version of the event, a
 * list for each stored event in the order of the file.
 * @typedef {Record<string, Record<string, Record<string, string[][]>>>} FixtureTags
 * @typedef {{ type: string, schemaVersion: number, data: Record<string, unknown> }} StoredEvent
 */

/**
 * @param {import('../../packages/core/src/events/domain-event.decorator.js').EventClass[]} classes
 * @param {StoredEvent[]} stored
 * @returns {FixtureTags}
 */
export function fixtureTags(classes, stored) {
  const registry = new EventRegistry();
  for (const each of classes) registry.register(each);
  const serializer = new EventSerializer(registry);
  /** @type {FixtureTags} */
  const tags = {};
  for (const event of stored) {
    const tagsVersion = registry.forType(event.type)?.tagsVersion ?? 0;
    if (tagsVersion === 0) continue;
    const versions = ((tags[event.type] ??= {})[tagsVersion] ??= {});
    const list = (versions[event.schemaVersion] ??= []);
    list.push(serializer.tagsOf(recorded(event)).map(({ name, value }) => `${name}=${value}`));
  }
  return tags;
}

/** @param {StoredEvent} event */
function recorded({ type, schemaVersion, data }) {
  return RecordedEvent.of({
    position: 1,
    stream: 'fixture-1',
    version: 1,
    event_id: '018f2b6e-0000-7000-8000-00000000000a',
    type,
    schema_version: schemaVersion,
    data: JSON.stringify(data),
    metadata: '{}',
    actor: 'system',
    correlation_id: 'fixture',
    recorded_at: 0,
  });
}

/**
 * Adds what is not recorded yet. What is recorded stays as it is.
 * @param {FixtureTags} known
 * @param {FixtureTags} today
 * @returns {string[]} the events that were added
 */
export function addTags(known, today) {
  const added = [];
  for (const [type, byTagsVersion] of Object.entries(today)) {
    for (const [tagsVersion, versions] of Object.entries(byTagsVersion)) {
      const recordedVersions = ((known[type] ??= {})[tagsVersion] ??= {});
      for (const [version, lists] of Object.entries(versions)) {
        const list = (recordedVersions[version] ??= []);
        if (lists.length > list.length) added.push(`${type}, version ${version}, tags of version ${tagsVersion}`);
        list.push(...lists.slice(list.length));
      }
    }
  }
  return added;
}
