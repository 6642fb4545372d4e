import type { ExpectedVersion, StreamAppend } from '../../../packages/core/src/event-log/event-log.js';

/** One append, in words that fit on a line. */
export interface PlannedAppend {
  readonly id: string;
  readonly streams: readonly { readonly stream: string; readonly expected: ExpectedVersion; readonly events: number }[];
  readonly commandId?: string;
}

/** What a process of appends says: at once and whole, so what was said before a kill has been said. */
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
