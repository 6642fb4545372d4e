import { type Agent, Agent as HttpAgent, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { startThings } from '../../src/platform/testing/things-app.js';

const WARM_UP = 5;
const ROUNDS = 15;

let app: NestFastifyApplication;
let agent: Agent;

beforeAll(async () => {
  app = await startThings();
  agent = new HttpAgent({ keepAlive: true });
});

afterAll(async () => {
  agent.destroy();
  await app.close();
});

function send(path: string, body?: string): Promise<number> {
  const { port } = app.getHttpServer().address() as AddressInfo;
  const headers = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length };
  return new Promise((resolve, reject) => {
    request({ port, path, agent, method: body === undefined ? 'GET' : 'POST', headers }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
    })
      .on('error', reject)
      .end(body);
  });
}

/** Time on the processor, in us, which is what others wait for. A busy machine changes it less than the time of an answer. */
async function costOf(refused: () => Promise<number>): Promise<number> {
  const before = process.cpuUsage();
  expect(await refused()).toBe(400);
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** The smallest of several rounds, which is the least disturbed. Both take turns, and the first rounds are a warm-up. */
async function leastCosts(one: () => Promise<number>, other: () => Promise<number>): Promise<[number, number]> {
  const rounds: [number, number][] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    rounds.push([await costOf(one), await costOf(other)]);
  }
  const counted = rounds.slice(WARM_UP);
  return [Math.min(...counted.map(([first]) => first)), Math.min(...counted.map(([, second]) => second))];
}

const FIELDS = JSON.stringify(Object.fromEntries(Array.from({ length: 8_000 }, (_, at) => [`f${at}`, 1])));
const ELEMENTS = JSON.stringify({ email: 'a@b.example', name: 'a', lines: Array.from({ length: 25_000 }, () => ({})) });
const QUERY = Array.from({ length: 2_000 }, (_, at) => `${at}=1`).join('&');

it.each([
  // Seen with the limits: 2.5, 2.3 and 0.9; without: 36, 125 and 6.
  ['thousands of unknown fields', () => send('/things', FIELDS), FIELDS.length, 9],
  ['thousands of wrong elements', () => send('/things', ELEMENTS), ELEMENTS.length, 15],
  ['thousands of unknown parameters', () => send(`/things?${QUERY}`), 100, 3],
])('%s cost hardly more than one text of that length', async (_what, costly, length, highestRatio) => {
  const text = JSON.stringify({ name: 'x'.repeat(length - 11) });
  const [harmless, least] = await leastCosts(() => send('/things', text), costly);

  expect(least / harmless).toBeLessThan(highestRatio);
});
