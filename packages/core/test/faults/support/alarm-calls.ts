import { appendFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a process logged before, or after, it rang the alarm for an event. */
export interface AlarmCall {
  readonly pid: number;
  readonly position: number;
  readonly stream: string;
  readonly what: 'begun' | 'done';
  /** In ms since 1970. */
  readonly at: number;
}

/** Logs a call of this process in a file of the folder, where it stays when the process dies. */
export function noteAlarmCall(
  folder: string,
  { counterId, position }: { readonly counterId: string; readonly position: number },
  what: AlarmCall['what'],
): void {
  appendFileSync(join(folder, 'calls'), `${process.pid} ${position} counter-${counterId} ${what} ${Date.now()}\n`);
}

/** The logged calls of all processes. */
export async function readAlarmCalls(folder: string, what: AlarmCall['what']): Promise<AlarmCall[]> {
  const lines = (await readFile(join(folder, 'calls'), 'utf8')).split('\n').slice(0, -1);
  return lines.map(callOf).filter((call) => call.what === what);
}

/** Each once, in the order of the log. */
export function positionsOf(calls: readonly AlarmCall[]): number[] {
  return [...new Set(calls.map(({ position }) => position))].toSorted((a, b) => a - b);
}

/** Those that occur more than once. */
export function repeatedIn(calls: readonly AlarmCall[]): number[] {
  const counts = new Map<number, number>();
  for (const { position } of calls) counts.set(position, (counts.get(position) ?? 0) + 1);
  return [...counts].filter(([, count]) => count > 1).map(([position]) => position);
}

/** The positions of each stream, by first occurrence. */
export function firstsByStream(calls: readonly AlarmCall[]): Map<string, number[]> {
  const firsts = new Map<string, Set<number>>();
  for (const { stream, position } of calls) firsts.set(stream, (firsts.get(stream) ?? new Set()).add(position));
  return new Map([...firsts].map(([stream, positions]) => [stream, [...positions]]));
}

function callOf(line: string): AlarmCall {
  const [pid, position, stream, what, at] = line.split(' ') as [string, string, string, AlarmCall['what'], string];
  return { pid: Number(pid), position: Number(position), stream, what, at: Number(at) };
}
