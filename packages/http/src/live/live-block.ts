/** Dispatches nothing; it keeps the connection in use, so that one that is dead is noticed. */
export const COMMENT = ':\n\n';

/** How long a client waits before it connects again, in ms. */
export function retryBlock(ms: number): string {
  return `retry: ${ms}\n\n`;
}

/** An event of the default type. The text has no line breaks, as JSON has none. */
export function eventBlock(id: number, text: string): string {
  return `id: ${id}\ndata: ${text}\n\n`;
}

/** Dispatches nothing either: it says where to go on, should the connection be lost before the first event. */
export function placeBlock(id: number): string {
  return `id: ${id}\n\n`;
}
