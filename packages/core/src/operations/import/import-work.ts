import type { Databases } from '../../databases/databases.js';
import { announce, readLogState, storeBatch } from './import-batch.js';
import { type ImportClaim, lockLog } from './import-claim.js';
import type { IncomingEvent } from './incoming-event.js';
import type { LogImportOptions, LogImportReport } from './import-options.js';
import { contentsOf } from './keys-at-hand.js';
import type { PersonalFieldsCipher } from '../../personal-data/personal-fields-cipher.js';
import type { PlainFields } from './plain-fields.js';
import { type BatchPlan, type Decrypts, type LogState, planBatch, type PlanRules } from './plan-batch.js';

/** The most events, and bytes of their texts, that one transaction stores. */
const BATCH = { events: 1_000, bytes: 4 * 1024 * 1024 };

/** Collects events, and stores them in batches. */
export class ImportWork {
  private batch: IncomingEvent[] = [];
  private bytes = 0;
  private done: LogImportReport = { added: 0, skipped: 0, laterTimes: 0, encrypted: 0, from: 0, to: 0 };
  /** In a dry run: what the batches before would have stored. */
  private readonly imagined = {
    versions: new Map<string, number>(),
    closed: new Set<string>(),
    head: 0,
    recordedAt: 0,
  };

  constructor(
    private readonly databases: Databases,
    private readonly rules: PlanRules,
    private readonly claim: ImportClaim | undefined,
    private readonly options: LogImportOptions,
    /** Tags may be made of personal fields. */
    private readonly personal: PersonalFieldsCipher,
    private readonly plainFields: PlainFields,
  ) {}

  get report(): LogImportReport {
    return this.done;
  }

  /** @returns whether a batch was stored */
  async add(event: IncomingEvent): Promise<boolean> {
    this.batch.push(event);
    this.bytes += event.data.length + event.metadata.length;
    if (this.batch.length < BATCH.events && this.bytes < BATCH.bytes) return false;
    await this.flush();
    return true;
  }

  async flush(): Promise<void> {
    this.options.signal?.throwIfAborted();
    const { batch } = this;
    [this.batch, this.bytes] = [[], 0];
    if (batch.length === 0) return;
    this.count(this.options.dryRun ? await this.imagine(batch) : await this.store(batch));
  }

  private async store(incoming: readonly IncomingEvent[]): Promise<BatchPlan> {
    const { events } = this.databases;
    const batch = await this.plainFields.encrypted(incoming);
    const decrypts = await this.decryptsOf(batch);
    return events.write.transaction(async ({ queryRunner: runner }) => {
      await lockLog(events, runner!);
      const state = await readLogState(runner!, batch);
      await this.claim?.check(runner!, state.head);
      const plan = planBatch(batch, state, this.rules, decrypts);
      if (plan.events.length === 0) return plan;
      await storeBatch(runner!, plan);
      await this.claim?.advance(runner!, plan.events.at(-1)!.position);
      await announce(runner!, events);
      return plan;
    });
  }

  private async imagine(incoming: readonly IncomingEvent[]): Promise<BatchPlan> {
    const { imagined } = this;
    const batch = await this.plainFields.marked(incoming);
    const runner = this.databases.events.read.createQueryRunner();
    let state: LogState;
    try {
      state = await readLogState(runner, batch);
    } finally {
      await runner.release();
    }
    const plan = planBatch(
      batch,
      {
        ...state,
        head: Math.max(state.head, imagined.head),
        recordedAt: Math.max(state.recordedAt, imagined.recordedAt),
        versions: new Map(
          [...state.versions].map(([stream, version]) => [stream, imagined.versions.get(stream) ?? version]),
        ),
        closed: new Set([...state.closed, ...imagined.closed]),
      },
      this.rules,
      await this.decryptsOf(batch),
    );
    for (const { stream, version, closes, position, recordedAt } of plan.events) {
      imagined.versions.set(stream, version);
      if (closes) imagined.closed.add(stream);
      Object.assign(imagined, { head: position, recordedAt });
    }
    return plan;
  }

  private count({ events, skipped, laterTimes }: BatchPlan): void {
    const { done } = this;
    this.done = {
      added: done.added + events.length,
      skipped: done.skipped + skipped,
      laterTimes: done.laterTimes + laterTimes,
      encrypted: done.encrypted + events.filter(({ encrypted }) => encrypted).length,
      from: done.from || (events[0]?.position ?? 0),
      to: events.at(-1)?.position ?? done.to,
    };
  }

  /** With the keys that this log has. */
  private async decryptsOf(batch: readonly IncomingEvent[]): Promise<Decrypts> {
    const decrypts = await this.personal.opened(contentsOf(batch));
    return new Map(batch.flatMap(({ id }, index) => (decrypts[index] ? [[id, decrypts[index]] as const] : [])));
  }
}
