import { COMMENT } from './live-block.js';
import { delayUnlessAborted } from './delay-unless-aborted.js';

/** Yields the blocks as they come, and a comment whenever no block has come for this many ms. Never requests a block ahead. */
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
      // It may reject long before it is awaited below.
      next.then(arrived, arrived);
      while (await delayUnlessAborted(every, arrival.signal)) yield COMMENT;
      const result = await next;
      if (result.done) return;
      yield result.value;
    }
  } finally {
    await iterator.return?.();
  }
}
