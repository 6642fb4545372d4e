import { describeFind, type FuzzCaller, hunt, type Hunt } from './hunt.js';
import type { OpenApi, Route } from './operations.js';
import { type FuzzRequest, Requests } from './requests.js';

const text = { type: 'string' };
const API: OpenApi = {
  paths: {},
  components: { schemas: { Move: { properties: { to: text, why: text, times: { type: 'integer' } } } } },
};
const ROUTE: Route = {
  method: 'post',
  path: '/things/{id}/moves',
  operation: {
    parameters: [{ name: 'limit', in: 'query' }],
    requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Move' } } } },
    responses: {},
  },
};
const KNOWN = { id: ['one', 'two'] };
const HUNT: Hunt = { route: ROUTE, requests: new Requests(API, KNOWN).for(ROUTE), seed: 7, runs: 3_000 };

/** A server with a fault: it fails on a long reason, which only the operator may send. */
const judge = async (caller: FuzzCaller, { body }: FuzzRequest): Promise<string[]> => {
  const { why } = (body ?? {}) as { why?: unknown };
  return caller === 'operator' && typeof why === 'string' && why.length > 100 ? ['500 too long'] : [];
};

it('a failing request is reduced to its cause', async () => {
  const found = (await hunt(HUNT, judge))!;

  expect(found).toMatchObject({
    caller: 'operator',
    complaint: '500 too long',
    request: { path: '/things/one/moves', headers: {}, body: { why: 'x'.repeat(3_000) } },
  });
  expect(Object.keys(found.request.body!)).toEqual(['why']);
});

it('the printed command repeats exactly this request', async () => {
  const found = (await hunt(HUNT, judge))!;
  const asked: FuzzRequest[] = [];
  const again = await hunt({ ...HUNT, path: found.path }, async (caller, request) => {
    asked.push(request);
    return judge(caller, request);
  });

  expect(asked).toEqual([found.request]);
  expect(again).toEqual(found);
  expect(describeFind(found)).toContain(
    `npm run fuzz -- --seed 7 --route 'POST /things/{id}/moves' --path ${found.path}`,
  );
});

it('a seed repeats the same requests, and a correct server has no findings', async () => {
  const askedWith = async (seed: number): Promise<string> => {
    const asked: unknown[] = [];
    const found = await hunt({ ...HUNT, seed }, async (...request) => {
      asked.push(request);
      return [];
    });
    expect(found).toBeUndefined();
    expect(asked).toHaveLength(3_000);
    return JSON.stringify(asked);
  };

  expect(await askedWith(7)).toBe(await askedWith(7));
  expect(await askedWith(8)).not.toBe(await askedWith(7));
});
