import type { Readable } from 'node:stream';

/** Everything that has been written to a stream so far. Since Node.js 26 one `read()` returns one chunk of it. */
export function textIn(stream: Readable): string {
  const read = (): Buffer | string | null => stream.read() as Buffer | string | null;
  let text = '';
  for (let part = read(); part !== null; part = read()) text += part.toString();
  return text;
}
