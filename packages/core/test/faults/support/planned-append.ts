import type { ExpectedVersion, StreamAppend } from '../../../src/event-log/event-log.js';

/** One append, as a line of text. */
export interface PlannedAppend {
  readonly id: string;
  readonly streams: readonly { readonly stream: string; readonly expected: ExpectedVersion; readonly events: number }[];
  readonly commandId?: string;
}

/** Reports of an appending process: written at once and as a whole, so that a report before a kill is complete. */
export type Report =
  | { readonly was: 'sent'; readonly append: PlannedAppend }
  | {
      readonly was: 'stored';
      readonly id: string;
      readonly position: number;
      readonly versions: Readonly<Record<string, number>>;
    }
  | { readonly was: 'refused' | 'unknown'; readonly id: string };

export function sendable({ id, streams }: PlannedAppend): StreamAppend[] {
  const of = streams.reduce((sum, each) => sum + each.events, 0);
  return streams.map(({ stream, expected, events }) => ({
    stream,
    expected,
    events: Array.from({ length: events }, () => ({
      type: 'faults.happened',
      data: { append: id, of },
      tags: [{ name: 'append', value: id }],
    })),
  }));
}
