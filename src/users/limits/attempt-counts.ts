import { Databases } from '@leftfold/core';
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { In, LessThan } from 'typeorm';
import { AttemptCountEntity } from './attempt-count.entity.js';
import { type Attempt, Attempts, type Limit } from './attempts.js';

/** What is counted, and how much of it is allowed. */
export interface Counter extends Limit {
  readonly name: string;
}

export type AttemptsOf<Name extends string> = Readonly<Record<Name, Attempts>>;

/** Counts attempts over all nodes, in a table beside the log. */
@Injectable()
export class AttemptCounts {
  constructor(private readonly databases: Databases) {}

  /** What counts now. */
  async look<Name extends string>(counters: Readonly<Record<Name, Counter>>, now: Date): Promise<AttemptsOf<Name>> {
    const rows = await this.databases.events.read.manager.findBy(AttemptCountEntity, {
      counter: In(namesOf(counters)),
    });
    return attemptsIn(rows, counters, now);
  }

  /**
   * Changes several counters in one step. While `change` runs, other nodes wait that want one of the same; it must not wait
   * for anything itself. When it throws, nothing has changed.
   */
  async change<Name extends string, T>(
    counters: Readonly<Record<Name, Counter>>,
    now: Date,
    change: (attempts: AttemptsOf<Name>) => T,
  ): Promise<T> {
    const expiring = Object.values<Counter>(counters).map(({ name, within }) => ({
      counter: name,
      expiresAt: now.getTime() + within,
    }));
    // In one order everywhere, so that two nodes never wait for each other.
    expiring.sort((one, other) => (one.counter < other.counter ? -1 : 1));
    return this.databases.besideTheLog(async (manager) => {
      // Makes the rows, or takes hold of them.
      await manager.upsert(AttemptCountEntity, expiring, ['counter']);
      const rows = await manager.findBy(AttemptCountEntity, { counter: In(namesOf(counters)) });
      const attempts = attemptsIn(rows, counters, now);
      const result = change(attempts);
      for (const [key, { name }] of Object.entries<Counter>(counters)) {
        const after = JSON.stringify(attempts[key as Name].recent);
        if (rows.find(({ counter }) => counter === name)?.attempts === after) continue;
        await manager.update(AttemptCountEntity, { counter: name }, { attempts: after });
      }
      return result;
    });
  }

  /** Deletes what counts no more. */
  async sweep(now: Date): Promise<void> {
    await this.databases.besideTheLog((manager) =>
      manager.delete(AttemptCountEntity, { expiresAt: LessThan(now.getTime()) }),
    );
  }
}

/** The name of a counter: what it is for, and hashes of what must not stand in the table. */
export function counterName(purpose: string, ...about: readonly string[]): string {
  return [purpose, ...about.map((each) => createHash('sha256').update(each).digest('base64url'))].join(' ');
}

function namesOf(counters: Readonly<Record<string, Counter>>): string[] {
  return Object.values(counters).map(({ name }) => name);
}

function attemptsIn<Name extends string>(
  rows: readonly AttemptCountEntity[],
  counters: Readonly<Record<Name, Counter>>,
  now: Date,
): AttemptsOf<Name> {
  const stored = new Map(rows.map(({ counter, attempts }) => [counter, JSON.parse(attempts) as Attempt[]]));
  const entries = Object.entries<Counter>(counters).map(([key, counter]) => [
    key,
    new Attempts(stored.get(counter.name) ?? [], counter, now.getTime()),
  ]);
  return Object.fromEntries(entries) as AttemptsOf<Name>;
}
