import type { RecordedEvent } from '@leftfold/core';

/** Positions from 1 on, versions from 1 on in every stream, and times that never decrease. */
export function expectNoHoles(events: readonly RecordedEvent[]): void {
  expect(events.map(({ position }) => position)).toEqual(events.map((_, index) => index + 1));
  const times = events.map(({ recordedAt }) => recordedAt.getTime());
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  const streams = new Map<string, number[]>();
  for (const { stream, version } of events) streams.set(stream, [...(streams.get(stream) ?? []), version]);
  for (const [stream, versions] of streams) {
    expect({ stream, versions }).toEqual({ stream, versions: versions.map((_, index) => index + 1) });
  }
}
