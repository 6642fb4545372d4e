import { randomUUID } from 'node:crypto';
import { Databases } from '@leftfold/core';
import pg from 'pg';
import { type NewEntry, type OpenStore, type Store, type Target, TYPE } from '../contract.js';
import { startKernel } from './kernel.js';
import { LeftfoldStore, openLeftfold } from './leftfold-store.js';

// Leftfold with one guarantee more or less than usual, to see what it costs. Such a log must not be used for anything else.

const SYNC = 'set synchronous_commit = on';

/** A commit does not wait for the disk: when the machine crashes, what was acknowledged may be lost. */
export const openWithoutSync: OpenStore = async (target) => {
  if (target.engine === 'postgres') commitWithoutWaiting();
  return changedBy(target, target.engine === 'sqlite' ? ['pragma synchronous = off'] : []);
};

/** Each statement that asks for durable commits asks for the other kind. */
function commitWithoutWaiting(): void {
  const client = pg.Client.prototype as { query: (this: unknown, text: unknown, ...more: unknown[]) => unknown };
  const { query } = client;
  client.query = function (text, ...more) {
    const changed = typeof text === 'string' ? text.replace(SYNC, 'set synchronous_commit = off') : text;
    return query.call(this, changed, ...more);
  };
}

/** Rows of events can be changed and deleted. */
export const openWithoutTriggers: OpenStore = (target) =>
  changedBy(
    target,
    target.engine === 'sqlite'
      ? ['updated', 'deleted', 'replaced'].map((change) => `drop trigger leftfold_events_are_not_${change}`)
      : ['drop trigger leftfold_events_are_immutable on leftfold_events'],
  );

/** Events are not found by actor, correlation id and the like: for the node, these look-ups are filled far ahead. */
export const openWithoutLookUps: OpenStore = (target) =>
  changedBy(target, ['update leftfold_event_log set look_up_chunks = 1000000']);

/** Each append has the id of a command, so that a repeat of the command stores nothing. */
export const openWithCommandIds: OpenStore = async (target) =>
  new StoreWithCommandIds(await startKernel(target, { runSubscriptions: false }));

class StoreWithCommandIds extends LeftfoldStore {
  override async append({ stream, expected, data, metadata }: NewEntry): Promise<void> {
    const events = [{ type: TYPE, data: { ...data }, metadata }];
    await this.log.append([{ stream, expected, events }], { commandId: randomUUID() });
  }
}

async function changedBy(target: Target, statements: readonly string[]): Promise<Store> {
  const store = await openLeftfold(target);
  const { dataSource } = store.get<Databases>(Databases).events.write;
  for (const statement of statements) await dataSource.query(statement);
  return store;
}
