import { randomUUID } from 'node:crypto';
import { type BatchTarget, GroupCommit } from '../event-log/group-commit.js';
import type { Outcome } from '../event-log/outcome.js';
import type { PreparedAppend } from '../event-log/prepared-append.js';

/** A batch target that records the batches it was sent, as the ids of their appends. */
export class RecordingTarget implements BatchTarget {
  readonly batches: string[][] = [];
  readonly again: string[] = [];
  failing: (batch: readonly string[]) => boolean = () => false;
  failingAlone: (id: string) => Error | undefined = () => undefined;
  private held: Promise<void> | undefined;

  constructor(public secondBatchFrom: number) {}

  async commit(batch: readonly PreparedAppend[]): Promise<Outcome[]> {
    const ids = batch.map(idOf);
    this.batches.push(ids);
    await this.held;
    if (this.failing(ids)) throw new Error('The batch failed.');
    return ids.map((id) => outcome(`stored ${id}`));
  }

  async commitAgain(append: PreparedAppend): Promise<Outcome> {
    const id = idOf(append);
    this.again.push(id);
    const error = this.failingAlone(id);
    if (error) throw error;
    return outcome(`again ${id}`);
  }

  /** Holds batches in progress until the returned function is called. */
  hold(): () => void {
    let release!: () => void;
    this.held = new Promise((resolve) => (release = resolve));
    return release;
  }

  async sent(count: number): Promise<void> {
    while (this.batches.length < count) await ticks();
  }
}

export function recording(secondBatchFrom = Infinity): { group: GroupCommit; target: RecordingTarget } {
  const target = new RecordingTarget(secondBatchFrom);
  return { group: new GroupCommit(target), target };
}

/** Submits in one tick; returns each outcome, or error, as text. */
export function submit(group: GroupCommit, ...appends: PreparedAppend[]): Promise<unknown[]> {
  return Promise.all(
    appends.map((append) =>
      group.submit(append).then(
        (each) => (each.kind === 'stored' ? each.result.result : each.error.message),
        (error: Error) => error.message,
      ),
    ),
  );
}

export function anAppend(
  id: string,
  fields: Partial<Pick<PreparedAppend, 'bytes' | 'owns' | 'writes' | 'reads'>> = {},
): PreparedAppend {
  return {
    streams: [],
    condition: undefined,
    command: { id, result: null, fingerprint: null, keepFor: null },
    eventCount: 1,
    bytes: 100,
    owns: [`s ${randomUUID()}`],
    writes: [],
    reads: [],
    ...fields,
  };
}

function idOf(append: PreparedAppend): string {
  return append.command!.id;
}

function outcome(result: string): Outcome {
  const stored = { position: 1, versions: {}, recordedAt: new Date(0), repeated: false, fingerprint: undefined };
  return { kind: 'stored', result: { ...stored, result } };
}

export async function ticks(): Promise<void> {
  for (let tick = 0; tick < 3; tick++) await new Promise((resolve) => setImmediate(resolve));
}
