import { EventLog } from '@leftfold/core';
import type { TestApp } from '../support/test-app.js';

export interface Sample {
  readonly type?: string;
  readonly actor?: string;
  readonly correlationId?: string;
  readonly size?: number;
}

/** Appends events of unknown types to a stream, in one append. Returns the position of the last. */
export async function appendSamples(app: TestApp, stream: string, samples: readonly Sample[]): Promise<number> {
  const events = samples.map(({ type = 'samples.sample-taken', actor, correlationId, size = 10 }) => ({
    type,
    data: { text: 'x'.repeat(size) },
    metadata: { ...(actor === undefined ? {} : { actor }), ...(correlationId === undefined ? {} : { correlationId }) },
  }));
  const { position } = await app.nest.get(EventLog).append([{ stream, expected: 'any', events }]);
  return position;
}
