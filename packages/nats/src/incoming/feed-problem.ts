import { type FeedProblem } from '@leftfold/core';

/** No stream of JetStream takes the subject. */
export class NoStreamError extends Error {
  constructor(subject: string) {
    super(`No stream of JetStream takes the subject ${subject}.`);
    this.name = 'NoStreamError';
  }
}

/** Codes of the broker: the stream, or the consumer, does not exist. */
const MISSING: readonly unknown[] = [10_059, 10_014];

/** What an error of the client says about the messages. */
export function problemOf(error: unknown): FeedProblem {
  return error instanceof NoStreamError || MISSING.includes((error as { code?: unknown }).code) ? 'missing' : 'away';
}
