import { makeProduct, makeThings, STEERED } from '../authorisation/things.js';
import { USER_VIEW, WELCOME_MAIL } from '../operations/operating.js';
import { useApp } from '../support/use-app.js';
import { Answers } from './answers.js';
import { FuzzCallers } from './fuzz-callers.js';
import { describeFind, hunt } from './hunt.js';
import { nameOf, type OpenApi, type Route, routesOf } from './operations.js';
import { type Known, Requests } from './requests.js';

/** `npm test` always uses this seed. `npm run fuzz` uses a new one each time. */
const DEFAULT_SEED = 1_000;
const { FUZZ_SEED, FUZZ_MINUTES, FUZZ_ROUTE, FUZZ_PATH } = process.env;
const SEED = Number(FUZZ_SEED ?? DEFAULT_SEED);
const MINUTES = Number(FUZZ_MINUTES ?? 0);
/** Without minutes: how often each route is tested, and with how many requests. */
const ROUNDS = 3;
const RUNS = 3;
const LIMIT_MS = 120_000 + MINUTES * 60_000;

/**
 * Every route of the OpenAPI document. Left out are `/docs` and `/docs-json`, which are the document itself,
 * and `/metrics`, which is text for Prometheus and tested by metrics-access.e2e-spec.ts.
 */
describe('fuzz', () => {
  const here = useApp('sqlite', { RATE_LIMITS: 'off', READ_WAIT_LIMIT: '100ms' });
  let api: OpenApi;

  beforeAll(async () => {
    api = (await here.app.anyone.get('/docs-json')).body as OpenApi;
  });

  it(
    'nearly valid requests of any caller get documented answers, and no fault',
    async () => {
      const routes = routesOf(api).filter((route) => FUZZ_ROUTE === undefined || nameOf(route) === FUZZ_ROUTE);
      const known = await knownThings();
      const [requests, answers] = [new Requests(api, known), new Answers(api)];
      // The callers must not be forgotten.
      const erasures = new Requests(api, { ...known, userId: [here.bob.userId] });
      const callers = await FuzzCallers.of(here.app, here.ann, here.operator);
      const finds: string[] = [];
      let asked = 0;
      const end = Date.now() + MINUTES * 60_000;
      const rounds = FUZZ_PATH === undefined ? ROUNDS : 1;
      for (let round = 0; round < rounds || Date.now() < end; round++) {
        for (const route of routes) {
          const one = {
            route,
            requests: (isErasure(route) ? erasures : requests).for(route),
            seed: SEED + round,
            runs: RUNS,
            path: FUZZ_PATH,
          };
          const found = await hunt(one, async (caller, request) => {
            asked += 1;
            return answers.complaints(route, await callers.ask(caller, route, request));
          });
          if (found) finds.push(describeFind(found));
        }
        here.app.answers.length = 0;
      }
      console.log(
        `fuzz: ${asked} requests to ${routes.length} routes, ${answers.validated} validated (--seed ${SEED})`,
      );

      expect(finds.join('\n')).toBe('');
      expect(routes).toHaveLength(FUZZ_ROUTE === undefined ? routesOf(api).length : 1);
      expect(asked).toBeGreaterThan(0);
      if (FUZZ_ROUTE === undefined) expect(answers.validated).toBeGreaterThan(asked / 2);
    },
    LIMIT_MS,
  );

  it('an undocumented answer is reported', () => {
    const route: Route = routesOf(api).find((each) => nameOf(each) === 'GET /users/me')!;
    const answer = { status: 200, headers: { 'content-type': 'application/json' }, text: '{}', body: { userId: 7 } };
    const complaints = (changed: object): string[] => new Answers(api).complaints(route, { ...answer, ...changed });

    expect(complaints({})).toEqual([expect.stringContaining('userId')]);
    expect(complaints({ status: 500 })).toHaveLength(1);
    expect(complaints({ status: 404 })).toHaveLength(1);
    expect(complaints({ status: 201 })).toEqual(['201 is not documented']);
    expect(complaints({ headers: { 'content-type': 'text/html' } })).toEqual([expect.stringContaining('has a body')]);
  });

  const knownThings = async (): Promise<Known> => {
    const { app, ann, bob, operator } = here;
    const things = await makeThings(
      app,
      await makeProduct(app),
      '/orders /dead-letters /gone-subscriptions /schedules',
    );
    return {
      userId: [ann.userId, bob.userId, things.owner.userId, operator.userId],
      orderId: [things.orderId],
      sku: [things.sku],
      role: ['customer', 'operator'],
      stream: [`user-${ann.userId}`, `order-${things.orderId}`],
      name: [STEERED, USER_VIEW, WELCOME_MAIL, things.gone],
      id: [things.deadLetter, things.schedule],
      number: ['1', '3'],
    };
  };
});

function isErasure({ path }: Route): boolean {
  return path.endsWith('/erasure');
}
