import { SetupError } from '@leftfold/core';
import { nkeys } from '@nats-io/transport-node';
import { resolveNatsOptions } from '../nats-options.js';
import { checkNatsLogin, type NatsLogin } from './login.js';

const seedOf = (pair: { getSeed: () => Uint8Array }): string => new TextDecoder().decode(pair.getSeed());
const seed = seedOf(nkeys.createUser());
// In the middle: the last character has bits that no byte uses.
const mistyped = (text: string): string => text.slice(0, 20) + (text[20] === 'A' ? 'B' : 'A') + text.slice(21);
const creds = `-----BEGIN NATS USER JWT-----\na.b.c\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------`;

it.each<[string, NatsLogin['kind'], string]>([
  ['the seed of a user', 'nkey', seed],
  [
    'a seed with lines around it',
    'nkey',
    `-----BEGIN USER NKEY SEED-----\r\n${seed}\r\n------END USER NKEY SEED------`,
  ],
  ['credentials without a line feed at the end', 'creds', creds],
  ['credentials with the line feeds of Windows', 'creds', creds.replaceAll('\n', '\r\n')],
])('takes %s', async (_what, kind, text) => {
  await expect(checkNatsLogin({ kind, read: () => text })).resolves.toBeUndefined();
});

it.each<[string, NatsLogin['kind'], string]>([
  ['an empty text', 'nkey', ''],
  ['the seed of an account', 'nkey', seedOf(nkeys.createAccount())],
  ['a seed with a typing error', 'nkey', mistyped(seed)],
  ['a seed in place of credentials', 'creds', seed],
  ['credentials with the seed of an account', 'creds', creds.replace(seed, seedOf(nkeys.createAccount()))],
])('refuses %s, and does not repeat it', async (_what, kind, text) => {
  const refused = checkNatsLogin({ kind, read: () => text });

  await expect(refused).rejects.toThrow(SetupError);
  await expect(refused).rejects.toThrow(/^The (credentials|NKey) for NATS needs? [^\n]{0,100}$/);
  await expect(refused).rejects.not.toThrow(/S[AU][A-Z2-7]{20}/);
});

it.each(['nats://ann:secret@broker', 'nats://token@broker'])('refuses a login beside %s', (servers) => {
  const login = { kind: 'nkey', read: () => seed } as const;

  expect(() => resolveNatsOptions({ servers, login })).toThrow('Keep one of them.');
});
