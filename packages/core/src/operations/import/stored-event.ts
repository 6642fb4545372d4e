import { ImportRefusedError } from './import.errors.js';
import type { IncomingEvent } from './incoming-event.js';

/** An event that the log has. */
export type StoredEvent = Pick<
  IncomingEvent,
  'stream' | 'type' | 'typeVersion' | 'recordedAt' | 'actor' | 'correlationId' | 'data' | 'metadata'
> & { readonly position: number; readonly version: number };

/**
 * Compares a line of an export with the event of the same id, text by text. Lines of other files are not compared: a mapping, or newer
 * classes, may store them otherwise today. Neither are data that this import encrypts: the same text is never encrypted twice alike.
 * @param keepsPositions else an import may have moved the time, which is kept in the metadata then
 * @throws ImportRefusedError that names the line and what differs
 */
export function refuseOtherContent(incoming: IncomingEvent, stored: StoredEvent, keepsPositions: boolean): void {
  if (incoming.position === undefined) return;
  const wasMoved = !keepsPositions && stored.recordedAt > incoming.recordedAt;
  const differences = {
    data: !incoming.encrypted && stored.data !== incoming.data,
    'schema version': !incoming.encrypted && stored.typeVersion !== incoming.typeVersion,
    actor: stored.actor !== incoming.actor,
    'correlation id': stored.correlationId !== incoming.correlationId,
    time: !wasMoved && stored.recordedAt !== incoming.recordedAt,
    metadata: !wasMoved && stored.metadata !== incoming.metadata,
  };
  const names = Object.entries(differences).flatMap(([name, differs]) => (differs ? [name] : []));
  if (names.length === 0) return;
  throw ImportRefusedError.inLine(
    incoming.line,
    `the event ${incoming.id} is in this log, at position ${stored.position}, with other content: ${names.join(', ')}. The file was ` +
      'changed, or the log. Restore the file.',
  );
}
