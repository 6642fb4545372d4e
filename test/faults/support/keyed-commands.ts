import type { RecordedEvent } from '@leftfold/core';
import type { Answer, Client } from '../../support/client.js';
import { placeOf } from '../../support/expectations.js';
import { type Person, someNames } from '../../support/people.js';
import { someKey } from '../../idempotency/keys.js';
import type { Seed } from '../../../packages/core/test/faults/support/seed.js';

/** An application under load, in this process or in another. */
export interface AskedApp {
  client(token?: string): Client;
}

/** A command with a key, sent until it succeeds. No other command sets the same value. */
export interface KeyedCommand {
  /** How its event is recognized. */
  readonly type: string;
  readonly field: 'email' | 'username';
  readonly value: string;
  readonly send: (app: AskedApp) => Promise<Answer>;
}

/** Registrations are rarer, because hashing a password takes a while. */
export function someCommand(seed: Seed, person: Person): KeyedCommand {
  const chance = seed.random();
  if (chance < 0.15) return registration();
  return chance < 0.4 ? change(person, 'email') : change(person, 'username');
}

function registration(): KeyedCommand {
  const [key, names] = [someKey(), someNames()];
  return {
    type: 'users.user-registered',
    field: 'email',
    value: names.email,
    send: (app) => app.client().post('/users', names, key),
  };
}

function change(person: Person, field: 'email' | 'username'): KeyedCommand {
  const [key, value] = [someKey(), someNames()[field]];
  const proof = field === 'email' ? { currentPassword: person.password } : {};
  return {
    type: `users.${field}-changed`,
    field,
    value,
    send: (app) => app.client(person.token).put(`${person.path}/${field}`, { [field]: value, ...proof }, key),
  };
}

/** Each command stored one event, at the position of its answer. */
export function expectStoredOnce(events: readonly RecordedEvent[], succeeded: ReadonlyMap<KeyedCommand, Answer>): void {
  const places = new Map<string, { position: number; version: number }[]>();
  for (const { type, data, position, version } of events) {
    for (const field of ['email', 'username']) {
      const id = JSON.stringify([type, field, data[field]]);
      places.set(id, [...(places.get(id) ?? []), { position, version }]);
    }
  }
  for (const [{ type, field, value }, answer] of succeeded) {
    const stored = places.get(JSON.stringify([type, field, value])) ?? [];
    expect({ type, value, stored }).toEqual({ type, value, stored: [placeOf(answer)] });
  }
}
