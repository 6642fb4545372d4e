import { Databases } from '@leftfold/core';
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { In, LessThan } from 'typeorm';
import { AttemptCountEntity } from './attempt-count.entity.js';
import { type Attempt, Attempts, type Limit } from './attempts.js';

/** A counter and its limit. */
export interface Counter extends Limit {
  readonly name: string;
}

export type AttemptsOf<Name extends string> = Readonly<Record<Name, Attempts>>;

/** Counts attempts on all nodes, in a table beside the log. */
@Injectable()
export class AttemptCounts {
  constructor(private readonly databases: Databases) {}

  /** The current counts. */
  async look<Name extends string>(counters: Readonly<Record<Name, Counter>>, now: Date): Promise<AttemptsOf<Name>> {
    const rows = await this.databases.events.read.manager.findBy(AttemptCountEntity, {
      counter: In(namesOf(counters)),
    });
    return attemptsIn(rows, counters, now);
  }

  /**
   * Changes several counters in one step. While `change` runs, other nodes that need one of these counters wait; so it must not
   * wait for anything itself. When it throws, nothing has changed.
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
    // Always in the same order, so that two nodes never deadlock.
    expiring.sort((one, other) => (one.counter < other.counter ? -1 : 1));
    return this.databases.besideTheLog(async (manager) => {
      // Creates the rows, or locks them.
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

  /** Deletes counters that no longer count. */
  async sweep(now: Date): Promise<void> {
    await this.databases.besideTheLog((manager) =>
      manager.delete(AttemptCountEntity, { expiresAt: LessThan(now.getTime()) }),
    );
  }
}

/** The name of a counter: its purpose, and hashes of private values. */
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
