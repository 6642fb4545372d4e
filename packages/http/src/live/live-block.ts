/** A comment. Clients ignore it; it keeps the connection in use, so that a dead connection is noticed. */
export const COMMENT = ':\n\n';

/** How long a client waits before it reconnects, in ms. */
export function retryBlock(ms: number): string {
  return `retry: ${ms}\n\n`;
}

/** An event of the default type. The text has no line breaks, as JSON has none. */
export function eventBlock(id: number, text: string): string {
  return `id: ${id}\ndata: ${text}\n\n`;
}

/** Sets the position to resume from if the connection is lost before the first event. Clients dispatch nothing for it. */
export function positionBlock(id: number): string {
  return `id: ${id}\n\n`;
}
