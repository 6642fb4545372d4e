import type { RecordedEvent } from '../event-log/recorded-event.js';
import { seedOfRun, seededRandom } from '../testing/random.js';
import { TailReader } from './tail-reader.js';
import { times } from './samples.js';
import type { LogUnderTest } from './use-log.js';
import { WriterProcess } from './writer-process.js';
import { FAULTY_STREAM, type WriterOutcome, WRITER_TYPES } from './writers.js';

const PROCESSES = 2;
const APPENDS = 60;

export function describeTailing(test: LogUnderTest): void {
  it('reads every event once, in order, without holes, while processes write, roll back and are killed', async () => {
    const seed = seedOfRun();
    await test.harness.refuseEventsOf(FAULTY_STREAM);
    const start = await test.log.head();
    const whole = new TailReader(test.nodes[0]!, start);
    const typed = new TailReader(test.nodes[1]!, start, WRITER_TYPES.slice(0, 1));
    let writing = true;

    const reading = Promise.all([whole, typed].map((reader) => reader.run(() => !writing)));
    const processes = await writeFromProcesses(test, seed).finally(() => (writing = false));
    await reading;

    const reported = (outcome: WriterOutcome) => new Set(processes.flatMap((each) => [...each.reports[outcome]]));
    const [stored, refused, unknown] = [reported('stored'), reported('refused'), reported('unknown')];
    const kills = processes.filter((each) => each.wasKilled).length;
    process.stderr.write(
      `tailing: seed ${seed}, ${kills} processes killed, ${stored.size} appends stored, ${refused.size} refused, ` +
        `${unknown.size} not known, ${whole.events.length} events in ${whole.slices} slices\n`,
    );
    expect(processes.map((each) => each.problem)).toEqual(times(2 * PROCESSES, () => undefined));
    expect(kills).toBe(PROCESSES);
    expect(Math.min(stored.size, refused.size)).toBeGreaterThan(50);
    expect(unknown.size).toBeLessThan(stored.size / 20);
    expect(whole.events.map((event) => event.position)).toEqual(
      times(whole.events.length, (index) => start + index + 1),
    );
    expect(typed.events.map((event) => event.eventId)).toEqual(
      whole.events.filter((event) => event.type === WRITER_TYPES[0]).map((event) => event.eventId),
    );
    expectOrder(whole.events);
    expectWhole(whole.events, stored, refused);
  }, 60_000);
}

/**
 * Runs several sequences of writer processes side by side. In each sequence, the first process is killed while it
 * writes, and the second one finishes.
 */
async function writeFromProcesses(test: LogUnderTest, seed: number): Promise<WriterProcess[]> {
  const random = seededRandom(seed);
  const processes: WriterProcess[] = [];
  const start = (killAfter: number): WriterProcess => {
    const each = new WriterProcess(test.harness.writerCommand(), seed + processes.length, APPENDS, killAfter);
    processes.push(each);
    return each;
  };
  try {
    await Promise.all(
      times(PROCESSES, async () => {
        await start(5 + Math.floor(random() * APPENDS)).ended;
        await start(Infinity).ended;
      }),
    );
    return processes;
  } finally {
    for (const each of processes) each.kill();
  }
}

function expectOrder(events: readonly RecordedEvent[]): void {
  const versions = new Map<string, number>();
  let last = 0;
  for (const { position, stream, version, recordedAt } of events) {
    const before = versions.get(stream) ?? 0;
    expect({ position, stream, version }).toEqual({ position, stream, version: before + 1 });
    expect(recordedAt.getTime()).toBeGreaterThanOrEqual(last);
    versions.set(stream, version);
    last = recordedAt.getTime();
  }
}

/** Expects each append whole or absent: present if it was acknowledged, absent if it was refused. */
function expectWhole(events: readonly RecordedEvent[], stored: Set<string>, refused: Set<string>): void {
  const found = new Map<string, RecordedEvent[]>();
  for (const event of events) {
    const append = event.data.append as string;
    found.set(append, [...(found.get(append) ?? []), event]);
  }
  const torn = [...found.values()].filter((each) => each.length !== each[0]!.data.of);
  expect(torn).toEqual([]);
  expect([...stored].filter((append) => !found.has(append))).toEqual([]);
  expect([...refused].filter((append) => found.has(append))).toEqual([]);
}
