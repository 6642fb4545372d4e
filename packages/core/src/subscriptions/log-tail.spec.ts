import { Subject } from 'rxjs';
import type { EventLog, LogSlice } from '../event-log/event-log.js';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import { LogTail } from './log-tail.js';

/** A log that grows by hand, and counts what is asked of it. */
class GrowingLog {
  readonly appended$ = new Subject<number>();
  reads = 0;
  /** What a reader can see; announced events may be ahead of it. */
  visible = 0;
  private looks = 0;

  head = async (): Promise<number> => {
    this.looks += 1;
    return this.visible;
  };

  readAll = async ({ after, limit }: { after: number; limit: number }): Promise<LogSlice> => {
    this.reads += 1;
    const upTo = Math.min(this.visible, after + limit);
    const events = Array.from(
      { length: upTo - after },
      (_, index) => ({ position: after + index + 1 }) as RecordedEvent,
    );
    return { events, upTo };
  };

  append(count: number): void {
    this.visible += count;
    this.appended$.next(this.visible);
  }

  /** How often its head was looked up since the last call. */
  looksSince(): number {
    const { looks } = this;
    this.looks = 0;
    return looks;
  }
}

const turns = async (count = 20): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
};

describe('the tail of the log', () => {
  let log: GrowingLog;
  let tail: LogTail;

  beforeEach(async () => {
    log = new GrowingLog();
    tail = new LogTail(log as unknown as EventLog);
    tail.start();
    await turns();
    log.looksSince();
    log.reads = 0;
  });

  afterEach(() => tail.stop());

  it('follows the position without a read while nobody wants the events', async () => {
    log.append(3);
    await turns();

    expect(tail.position).toBe(3);
    expect([log.reads, log.looksSince()]).toEqual([0, 0]);
    // Who asks now reads for itself.
    expect(tail.slice(0, 10)).toBeUndefined();
    expect(tail.slice(3, 10)).toEqual([]);
  });

  it('looks for the head when a change is announced without a position', async () => {
    log.visible = 5;
    log.appended$.next(0);
    await turns();

    expect(tail.position).toBe(5);
    expect([log.reads, log.looksSince()]).toEqual([0, 1]);
  });

  it('reads what one waits for once, and not again for a notification of it', async () => {
    const changed = tail.changed(0, 60_000);
    log.append(2);
    await changed;
    log.appended$.next(2);
    await turns();

    expect(tail.slice(0, 10)!.map(({ position }) => position)).toEqual([1, 2]);
    expect([log.reads, log.looksSince()]).toEqual([1, 0]);
  });

  it('reads a long way to the head in slices', async () => {
    const changed = tail.changed(0, 60_000);
    log.append(2_500);
    await changed;
    await turns();

    expect(tail.position).toBe(2_500);
    expect(log.reads).toBe(3);
  });

  it('hands over the events to listeners, from when they begin to listen', async () => {
    let isListening = false;
    const seen: number[] = [];
    const stop = tail.listen({
      isListening: () => isListening,
      receive: (events) => seen.push(...events.map(({ position }) => position)),
    });
    log.append(2);
    await turns();
    isListening = true;
    log.append(2);
    await turns();
    stop();
    log.append(1);
    await turns();

    expect(seen).toEqual([3, 4]);
  });

  it('loses nothing for a listener who begins while it looks for the head', async () => {
    let isListening = false;
    const seen: number[] = [];
    tail.listen({
      isListening: () => isListening,
      receive: (events) => seen.push(...events.map(({ position }) => position)),
    });
    const head = log.head;
    log.head = async () => {
      isListening = true;
      log.append(1);
      return head();
    };
    log.appended$.next(0);
    await turns();

    expect(seen).toEqual([1]);
  });

  it('looks again for events that were announced before they could be read', async () => {
    const changed = tail.changed(0, 60_000);
    log.appended$.next(1);
    await turns();
    expect(tail.position).toBe(0);
    log.visible = 1;
    await changed;

    expect(tail.position).toBe(1);
  });
});
