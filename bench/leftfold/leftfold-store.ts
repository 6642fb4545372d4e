import { setTimeout as delay } from 'node:timers/promises';
import {
  AggregateRepository,
  EventLog,
  type NewEvent,
  ReadModelPositions,
  type StreamAppend,
  Subscriptions,
} from '@leftfold/core';
import type { INestApplicationContext } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type {
  Account as AccountState,
  KeyedBy,
  Metadata,
  NewEntry,
  OpenOptions,
  Payment,
  Row,
  Store,
  StoredEntry,
  Target,
} from '../contract.js';
import { TYPE, WrongResultError } from '../contract.js';
import { Account } from './account.js';
import { startKernel } from './kernel.js';
import { AccountRow, CountryMonthRow, ProductRow, READ_MODELS } from './payment-rows.js';

const ENTITIES = { stream: AccountRow, field: ProductRow, composite: CountryMonthRow };
/** The longest that a read model may need, in ms. */
const CATCH_UP_LIMIT = 600_000;

const ROWS: Record<KeyedBy, string> = {
  stream: 'select account_id as key, events, total, last from account_rows',
  field: 'select product_id as key, events, total, last from product_rows',
  composite: `select country || '/' || month as key, events, total, last from country_month_rows`,
};

/** Leftfold, through its public packages, with default settings. */
export class LeftfoldStore implements Store {
  readonly log: EventLog;
  private readonly aggregates: AggregateRepository;

  constructor(private readonly app: INestApplicationContext) {
    this.log = this.get(EventLog);
    this.aggregates = this.get(AggregateRepository);
  }

  async append({ stream, expected, data, metadata }: NewEntry): Promise<void> {
    await this.log.append([{ stream, expected, events: [{ type: TYPE, data: { ...data }, metadata }] }]);
  }

  /** Returns the position. */
  async appendAt({ stream, expected, data, metadata }: NewEntry): Promise<number> {
    const appended = await this.log.append([
      { stream, expected, events: [{ type: TYPE, data: { ...data }, metadata }] },
    ]);
    return appended.position;
  }

  async waitFor(by: KeyedBy, position: number): Promise<void> {
    await this.get(ReadModelPositions).waitFor(position, [ENTITIES[by]]);
  }

  async fill(entries: readonly NewEntry[]): Promise<void> {
    const appends = new Map<string, StreamAppend & { events: NewEvent[] }>();
    for (const { stream, expected, data, metadata } of entries) {
      const append = appends.get(stream) ?? { stream, expected, events: [] };
      append.events.push({ type: TYPE, data: { ...data }, metadata });
      appends.set(stream, append);
    }
    await this.log.append([...appends.values()]);
  }

  async *replay(): AsyncIterable<readonly StoredEntry[]> {
    const head = await this.log.head();
    for (let after = 0; after < head;) {
      const { events, upTo } = await this.log.readAll({ after, limit: 1_000 });
      after = upTo;
      yield events.map(({ position, stream, version, data, metadata }) => ({
        position,
        stream,
        version,
        data: data as unknown as Payment,
        metadata: metadata as unknown as Metadata,
      }));
    }
  }

  async load(id: string): Promise<AccountState> {
    const { version, total } = await this.aggregates.load(Account, id);
    return { version, total };
  }

  count(): Promise<number> {
    return this.log.head();
  }

  async catchUp(by: KeyedBy, head: number): Promise<void> {
    await this.get(Subscriptions).resume(READ_MODELS[by]);
    await this.waitFor(by, head);
  }

  async rebuild(): Promise<void> {
    const subscriptions = this.get(Subscriptions);
    await subscriptions.rebuild(READ_MODELS.stream);
    for (;;) {
      const { rebuild } = await subscriptions.get(READ_MODELS.stream);
      if (rebuild?.state === 'done') return;
      if (rebuild?.state === 'failed') throw new WrongResultError(`The rebuild failed: ${rebuild.error}`);
      await delay(25);
    }
  }

  async rows(by: KeyedBy): Promise<Row[]> {
    return this.get<DataSource>(getDataSourceToken('views')).query(ROWS[by]);
  }

  async lag(by: KeyedBy): Promise<number> {
    return (await this.get(Subscriptions).get(READ_MODELS[by])).lag;
  }

  close(): Promise<void> {
    return this.app.close();
  }

  /** Keeps the read models at the beginning of the log, so that a later process can start them. */
  async pauseReadModels(): Promise<void> {
    for (const name of Object.values(READ_MODELS)) await this.get(Subscriptions).pause(name);
  }

  get<T>(token: Parameters<INestApplicationContext['get']>[0] | (abstract new (...args: never[]) => T)): T {
    return this.app.get<T>(token, { strict: false });
  }
}

export async function openLeftfold(
  target: Target,
  { use = 'run', readModels = false }: OpenOptions = {},
): Promise<LeftfoldStore> {
  const app = await startKernel(
    target,
    { runSubscriptions: readModels, readWaitLimit: CATCH_UP_LIMIT },
    { readModels },
  );
  const store = new LeftfoldStore(app);
  if (readModels && use === 'fill') await store.pauseReadModels();
  return store;
}
