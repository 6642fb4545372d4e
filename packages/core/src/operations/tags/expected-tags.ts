import type { EventSerializer } from '../../event-log/event-serializer.js';
import type { RecordedEvent } from '../../event-log/recorded-event.js';
import { sealTag } from '../../events/tags.js';
import type { TagRow } from './tag-rows.js';

/**
 * The tags that today's class gives a stored event, as they are stored.
 * @throws an error that names the event when they can't be computed
 */
export function expectedTags(serializer: EventSerializer, tagKey: Buffer, recorded: RecordedEvent): TagRow[] {
  try {
    const sealed = serializer.tagsOf(recorded).map((tag) => sealTag(tagKey, tag));
    return [...new Set(sealed)].map((tag) => ({ tag, position: recorded.position }));
  } catch (error) {
    throw new Error(
      `The tags of the event at position ${recorded.position} ("${recorded.type}", version ${recorded.schemaVersion}) ` +
        `can't be computed: ${(error as Error).message}`,
      { cause: error },
    );
  }
}
