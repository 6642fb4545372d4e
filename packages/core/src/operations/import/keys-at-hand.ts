import { UnreadableFieldError } from '../../personal-data/decrypt-fields.js';
import { mayBeEnveloped } from '../../personal-data/envelope.js';
import type { PersonalFieldsCipher } from '../../personal-data/personal-fields-cipher.js';
import type { IncomingEvent } from './incoming-event.js';
import { withoutKey } from './plan-batch.js';

/** Events that are looked at together. */
const BATCH = 500;

/**
 * Refuses a file that has encrypted fields whose keys this log lacks. It is asked before an import makes keys: a key that
 * is made for somebody's plain events is another one than the file's encrypted events need, and would take its place.
 * @throws ImportRefusedError that names the line
 */
export async function refuseMissingKeys(
  events: AsyncIterable<IncomingEvent>,
  personal: PersonalFieldsCipher,
): Promise<void> {
  let batch: IncomingEvent[] = [];
  for await (const event of events) {
    if (!mayBeEnveloped(event.data)) continue;
    batch.push(event);
    if (batch.length < BATCH) continue;
    await refuseUnreadable(batch, personal);
    batch = [];
  }
  await refuseUnreadable(batch, personal);
}

async function refuseUnreadable(batch: readonly IncomingEvent[], personal: PersonalFieldsCipher): Promise<void> {
  const decrypts = await personal.opened(contentsOf(batch));
  for (const [index, { line }] of batch.entries()) {
    try {
      decrypts[index]?.();
    } catch (error) {
      if (error instanceof UnreadableFieldError && error.lacksKey) throw withoutKey(line, error);
      // Whatever else is wrong with the event is said when its turn comes.
      if (!(error instanceof UnreadableFieldError)) throw error;
    }
  }
}

/** What the cipher needs of events of a file. */
export function contentsOf(batch: readonly IncomingEvent[]) {
  return batch.map(({ id, type, data, position = 0 }) => ({ position, eventId: id, type, dataText: data }));
}
