import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { DatabaseLimits } from '@leftfold/core';
import type { Answer, Headers } from '../support/client.js';
import { type Cut, type CuttingProxy, startCuttingProxy } from '../../packages/core/test/support/cutting-proxy.js';
import { createAppDatabase } from '../support/app-database.js';
import type { TestDatabase } from '../support/databases.js';
import { expectDone, placeOf } from '../support/expectations.js';
import { type Person, someNames } from '../support/people.js';
import { PERSONAL_DATA_KEY, TestApp } from '../support/test-app.js';
import { readLog } from '../../packages/core/test/faults/support/read-log.js';
import { type Seed, seedOf } from '../../packages/core/test/faults/support/seed.js';

const CUTS: readonly Cut[] = ['reply', 'request'];
const IN_FLIGHT = 40;
const CUTS_IN_FLIGHT = 12;
/** In ms. One batch may be cut as often as there are cuts, and a busy machine takes long for each new session. */
const RECONNECT = 60_000;

let database: TestDatabase;
let proxy: CuttingProxy;
let app: TestApp;
let person: Person;

beforeAll(async () => {
  database = await createAppDatabase('postgres', { separateViews: true });
  proxy = await startCuttingProxy(database.url, 'leftfold_append(');
  const limits = Object.assign(new DatabaseLimits(), { reconnect: RECONNECT });
  app = await TestApp.start(
    { ...database, url: proxy.url },
    {},
    { replace: [{ provide: DatabaseLimits, useValue: limits }] },
  );
  person = await app.customer();
});

afterAll(async () => {
  await app.close();
  await proxy.close();
  await database.drop();
});

describe.each(CUTS)('a command whose %s is lost', (cut) => {
  it.each([
    ['without an Idempotency-Key', undefined],
    ['with an Idempotency-Key', 'key'],
  ])('answers normally, and is stored once: %s', async (_, key) => {
    const seed = seedOf(`lost ${cut} ${key ? 'with' : 'without'} a key`);
    const keyed = (word: string): Headers => (key ? { 'idempotency-key': `${key} ${cut} ${word}` } : {});

    const created = await during(cut, () => app.anyone.post('/users', someNames(), keyed('create')));
    const userId = (created.body as { userId: string }).userId;
    expectDone(created, 201, { userId });
    expect(await expectNewest(created)).toMatchObject({ stream: `user-${userId}`, version: 1 });

    const renamed = await during(cut, () => rename(`${cut} ${key}`, keyed('rename')));
    expectDone(renamed, 200, { userId: person.userId });
    expect(await expectNewest(renamed)).toMatchObject({ stream: `user-${person.userId}` });

    // Stores nothing, and is still the first request.
    const unchanged = await during(key ? cut : undefined, () => rename(`${cut} ${key}`, keyed('unchanged')));
    expectDone(unchanged, 200, { userId: person.userId });
    expect(placeOf(unchanged)).toEqual(placeOf(renamed));

    for (const answer of [created, renamed, unchanged]) {
      expect(answer.headers).not.toHaveProperty('idempotent-replayed');
    }
    seed.print(`${key ? 3 : 2} cuts, ${await app.head()} events`);
  });
});

it('gets the first outcome when it is repeated with its key', async () => {
  const headers = { 'idempotency-key': 'comes again' };
  const first = await during('reply', () => rename('Comes again', headers));

  const again = await rename('Comes again', headers);

  expect({ status: again.status, body: again.body, ...placeOf(again) }).toEqual({
    status: 200,
    body: first.body,
    ...placeOf(first),
  });
  expect(again.headers['idempotent-replayed']).toBe('true');
  expect(await expectNewest(first)).toMatchObject({ stream: `user-${person.userId}` });
});

it('stores each of many concurrent commands once, and answers each with its own outcome', async () => {
  const seed = seedOf('lost replies and requests among many');
  const people = await Promise.all(Array.from({ length: 8 }, () => app.customer()));
  const before = { head: await app.head(), cuts: proxy.cuts };
  const plan = Array.from({ length: CUTS_IN_FLIGHT }, () => seed.pick(CUTS));
  for (const cut of plan) proxy.cutNext(cut);

  const answers = await Promise.all(Array.from({ length: IN_FLIGHT }, () => inFlight(seed.pick(people), seed)));

  seed.print(`${proxy.cuts - before.cuts} cuts (${plan.join(', ')}), ${IN_FLIGHT} commands in flight`);
  expect(proxy.cuts - before.cuts).toBeGreaterThan(CUTS_IN_FLIGHT / 2);
  for (const { answer, userId } of answers) {
    expectDone(answer, 200, { userId });
    expect(answer.headers).not.toHaveProperty('idempotent-replayed');
  }
  const events = (await readLog(database.url, PERSONAL_DATA_KEY)).filter(({ position }) => position > before.head);
  const stored = events.map(({ position, stream, version, data }) => ({
    position,
    version,
    stream,
    username: data.username,
  }));
  const answered = answers.map(({ answer, userId, username }) => ({
    ...placeOf(answer),
    stream: `user-${userId}`,
    username,
  }));
  expect(stored).toEqual(answered.toSorted((a, b) => a.position - b.position));
});

/** The answer to a command whose append is cut; asserts that it was. */
async function during(cut: Cut | undefined, command: () => Promise<Answer>): Promise<Answer> {
  const before = proxy.cuts;
  if (cut) proxy.cutNext(cut);
  const answer = await command();
  expect(proxy.cuts).toBe(before + (cut ? 1 : 0));
  return answer;
}

function rename(username: string, headers: Headers): Promise<Answer> {
  return person.put(`${person.path}/username`, { username }, headers);
}

async function inFlight(who: Person, seed: Seed): Promise<{ answer: Answer; userId: string; username: string }> {
  const username = `Name ${randomUUID()}`;
  const headers = seed.random() < 0.5 ? { 'idempotency-key': username } : undefined;
  return { answer: await who.put(`${who.path}/username`, { username }, headers), userId: who.userId, username };
}

/** The last event of the log, which the answer names, and the only one of its kind. */
async function expectNewest(answer: Answer): Promise<{ stream: unknown; version: number }> {
  const { position, version } = placeOf(answer);
  const events = await readLog(database.url, PERSONAL_DATA_KEY);
  const last = events.at(-1)!;
  expect({ position: last.position, version: last.version }).toEqual({ position, version });
  expect(events.filter(({ data }) => isDeepStrictEqual(data, last.data))).toHaveLength(1);
  return { stream: last.stream, version: last.version };
}
