import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CONTESTANTS, TITLES } from '../contestants.js';
import { ENGINES } from '../contract.js';
import { PEERS, peersOn } from './peers.js';

it('chooses the peers of the engines that take part', () => {
  expect(peersOn(['sqlite'])).toEqual(['emmett-sqlite']);
  expect(peersOn(['postgres'])).toEqual(['emmett', 'message-db']);
  expect(peersOn(ENGINES)).toEqual(PEERS);
});

it.each(PEERS)('knows what to install for %s, how to open it and what to call it', (peer) => {
  expect(existsSync(join(import.meta.dirname, '..', 'contestants', peer, 'package.json'))).toBe(true);
  expect(CONTESTANTS).toHaveProperty([peer]);
  expect(TITLES).toHaveProperty([peer]);
});
