import type { Client } from '../support/client.js';
import { seedOf } from '../faults/support/seed.js';
import { useApp } from '../support/use-app.js';
import { Answers } from './answers.js';
import { type OpenApi, type Route, routesOf } from './operations.js';
import { Requests } from './requests.js';

/** How long it goes on, in minutes: `npm run fuzz -- --minutes 10`. Without it, every route is asked so often. */
const MINUTES = Number(process.env.FUZZ_MINUTES ?? 0);
const LEAST_ROUNDS = 3;
const LIMIT_MS = 120_000 + MINUTES * 60_000;

describe('fuzz', () => {
  const here = useApp('sqlite', { RATE_LIMITS: 'off', READ_WAIT_LIMIT: '100ms' });
  let api: OpenApi;

  beforeAll(async () => {
    api = (await here.app.anyone.get('/docs-json')).body as OpenApi;
  });

  it(
    'nearly right requests by anybody get answers as they are documented, and no fault',
    async () => {
      const seed = seedOf('fuzz');
      const [requests, answers, routes] = [requestsWith(seed), new Answers(api), routesOf(api)];
      const callers: Client[] = [here.app.anyone, here.ann, here.operator];
      const complaints: string[] = [];
      const end = Date.now() + MINUTES * 60_000;
      let asked = 0;
      for (let round = 0; round < LEAST_ROUNDS || Date.now() < end; round++) {
        for (const route of routes) {
          for (const caller of callers) {
            const { path, body, headers } = requests.for(route);
            const answer = await caller.send(route.method, path, body, headers);
            asked += 1;
            for (const complaint of answers.complaints(route, answer)) {
              complaints.push(`${route.method} ${path} ${JSON.stringify(body)?.slice(0, 300)}: ${complaint}`);
            }
          }
        }
        here.app.answers.length = 0;
      }
      seed.print(`${asked} requests to ${routes.length} routes, ${answers.validated} answers validated`);

      expect(complaints).toEqual([]);
      expect(routes.length).toBeGreaterThan(30);
      expect(answers.validated).toBeGreaterThan(asked / 2);
    },
    LIMIT_MS,
  );

  it('an answer that is not as documented is complained about', () => {
    const route: Route = routesOf(api).find(({ method, path }) => method === 'get' && path === '/users/me')!;
    const answer = { status: 200, headers: { 'content-type': 'application/json' }, text: '', body: { userId: 7 } };

    expect(new Answers(api).complaints(route, answer)).toEqual([expect.stringContaining('userId')]);
    expect(new Answers(api).complaints(route, { ...answer, status: 500 })).toHaveLength(1);
    expect(new Answers(api).complaints(route, { ...answer, status: 404 })).toHaveLength(1);
  });

  const requestsWith = (seed: ReturnType<typeof seedOf>): Requests => {
    const { ann, bob, operator } = here;
    return new Requests(api, seed, [ann.userId, bob.userId, operator.userId, 'operator', 'MUG-1', '1', '3']);
  };
});
