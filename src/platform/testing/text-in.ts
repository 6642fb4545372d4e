import type { Readable } from 'node:stream';

/** Everything that has been written to a stream by now. Since Node.js 26 one `read()` answers one piece of it. */
export function textIn(stream: Readable): string {
  let text = '';
  for (let part: unknown = stream.read(); part !== null; part = stream.read()) text += String(part);
  return text;
}
