import { setTimeout as delay } from 'node:timers/promises';
import type { Request } from 'autocannon';
import { WrongResultError } from '../contract.js';
import { send } from '../http/send.js';
import type { Server } from '../http/serve.js';
import { startServer } from '../http/start-server.js';
import type { Figure, Scale, Workload } from './workload.js';

/** With 64, and for 64 users to sign in, a check of the results would take too long. */
const connectionsOf = ({ isQuick }: Scale): number => (isQuick ? 4 : 64);
/** A slow answer is no wrong one: after this time there was none, in s. */
const TIMEOUT = 300;
/** It ends at the end of a sample, so long ones would count as time that requests took, in ms. */
const SAMPLE = 20;
const LIMIT = { contestant: 'crud' };

/**
 * The application over HTTP beside the same one that saves rows and keeps no events, and beside a bare Nest application.
 * Each connection is another user.
 */
export const HTTP: Workload = {
  id: 'W9',
  contestants: ['crud', 'bare', 'leftfold'],
  rows: [
    { key: 'W9 PUT', title: 'PUT /users/:id/username, 64 connections', unit: 'requests/s', limit: LIMIT, goal: 1 },
    { key: 'W9 GET', title: 'GET /users/:id, 64 connections', unit: 'requests/s', limit: LIMIT, goal: 0.95 },
    { key: 'W9 POST', title: 'POST /orders, 64 connections', unit: 'requests/s', limit: LIMIT },
  ],
  run: async (_, target, scale, contestant) => {
    const server = await startServer({ contestant, target, users: connectionsOf(scale) });
    try {
      const put = await load(server, scale, ({ userId }) => ({
        method: 'PUT',
        path: `/users/${userId}/username`,
        setupRequest: (request) => ({ ...request, body: JSON.stringify({ username: `Name ${nextWord()}` }) }),
      }));
      await checkVersions(server, put.answered);
      const get = await load(server, scale, ({ userId }) => ({ method: 'GET', path: `/users/${userId}` }));
      const post = await load(server, scale, (_, index) => ({
        method: 'POST',
        path: '/orders',
        body: JSON.stringify({ lines: [{ sku: `MUG-${index % 20}`, quantity: 1 }] }),
      }));
      return { 'W9 PUT': put.figure, 'W9 GET': get.figure, 'W9 POST': post.figure };
    } finally {
      await server.stop();
    }
  },
};

type User = Server['users'][number];

async function load(
  { url, users }: Server,
  scale: Scale,
  requestOf: (user: User, index: number) => Request,
): Promise<{ figure: Figure; answered: number }> {
  // Only here: nothing else is to load it.
  const { default: autocannon } = await import('autocannon');
  const connections = connectionsOf(scale);
  let answered = 0;
  let figure: Figure | undefined;
  for (const amount of scale.isQuick ? [connections, 10 * connections] : [2_000, 8_000]) {
    let connection = 0;
    const result = await autocannon({
      url,
      connections,
      amount,
      timeout: TIMEOUT,
      sampleInt: SAMPLE,
      setupClient: (client) => {
        const index = connection++;
        const request = requestOf(users[index]!, index);
        const headers = { authorization: `Bearer ${users[index]!.token}`, 'content-type': 'application/json' };
        client.setRequests([{ ...request, headers }]);
      },
    });
    const good = result['2xx'];
    if (good !== amount) {
      throw new WrongResultError(`${good} of ${amount} requests succeeded; ${result.errors} had no answer`);
    }
    answered += good;
    const { p50, p99 } = result.latency;
    figure = { value: (good / (result.finish.getTime() - result.start.getTime())) * 1_000, p50, p99 };
  }
  return { figure: figure!, answered };
}

/** Every name that was answered for raised its user's version. */
async function checkVersions({ url, users }: Server, answered: number): Promise<void> {
  for (let tries = 0; ; tries++) {
    const versions = await Promise.all(
      users.map(async ({ userId, token }) => {
        const { body } = await send(url, 'GET', `/users/${userId}`, { token });
        return (body as { version: number }).version;
      }),
    );
    const changes = versions.reduce((sum, version) => sum + version, 0) - users.length;
    if (changes >= answered) return;
    if (tries === 100) throw new WrongResultError(`${changes} of ${answered} changes are there`);
    await delay(100);
  }
}

let words = 0;

/** A word that no other name is similar to: other letters than those that look alike. */
function nextWord(): string {
  return (++words)
    .toString(16)
    .padStart(8, '0')
    .replaceAll(/./g, (digit) => 'bdfghjkpqstvxyzc'[parseInt(digit, 16)]!);
}
