import { v5 as uuidv5 } from 'uuid';
import type { IncomingMessage, UnderstoodMessage } from './incoming-message.js';

/** Namespace of the ids of messages; never changes. */
const MESSAGES = 'b7c1f5a4-2d0e-4c39-9a51-7f1f0a3f6f0d';

/**
 * Id of what a handler does about a message: the same at each delivery, and when the message is published again. Its
 * command is executed under this id, so the log stores the effect once.
 */
export function messageIdOf(handler: string, { source, id }: Pick<UnderstoodMessage, 'source' | 'id'>): string {
  return idOf('understood', handler, source, id);
}

/** Id of a message that a handler can't understand: the same at each delivery. */
export function placeIdOf(
  handler: string,
  { stream, sequence, storedAt }: Pick<IncomingMessage, 'stream' | 'sequence' | 'storedAt'>,
): string {
  return idOf('place', handler, stream, String(sequence), storedAt);
}

/** As JSON, so that two lists of parts never give the same text. */
function idOf(...parts: readonly string[]): string {
  return uuidv5(JSON.stringify(parts), MESSAGES);
}
