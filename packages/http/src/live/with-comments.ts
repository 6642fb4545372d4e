import { COMMENT } from './live-block.js';
import { passes } from './passes.js';

/** The blocks as they come, and a comment whenever none has come for so many ms. It asks for no block before its time. */
export async function* withComments(
  blocks: AsyncIterable<string>,
  every: number,
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const iterator = blocks[Symbol.asyncIterator]();
  try {
    while (!signal.aborted) {
      const next = iterator.next();
      const arrival = new AbortController();
      const arrived = (): void => arrival.abort();
      // It may fail long before it is awaited below.
      next.then(arrived, arrived);
      while (await passes(every, arrival.signal)) yield COMMENT;
      const result = await next;
      if (result.done) return;
      yield result.value;
    }
  } finally {
    await iterator.return?.();
  }
}
