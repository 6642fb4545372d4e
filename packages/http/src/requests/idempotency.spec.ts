import { Fingerprints } from './fingerprints.js';
import { idempotencyOf } from './idempotency.js';

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const STOCK = '/products/:sku/stock';

const asked = (url: string, params: object = {}, query: object = {}, body: object = { a: 1 }) =>
  idempotencyOf(
    {
      headers: { 'idempotency-key': 'k' },
      caller: { userId: ID },
      ip: '192.0.2.1',
      method: 'POST',
      routeOptions: { url },
      params,
      query,
      body,
    },
    1_000,
    new Fingerprints([]),
  );

it.each([
  ['names in other case', STOCK, { sku: 'mug' }, STOCK, { sku: 'MUG' }],
  ['another route', '/products/:sku/stock', { sku: 'mug' }, '/products/:sku/price', { sku: 'mug' }],
  ['a name with a slash', '/a/:b/:c', { b: 'x/y', c: 'z' }, '/a/:b/:c', { b: 'x', c: 'y/z' }],
  ['a name that is the encoded form of another', STOCK, { sku: 'a b' }, STOCK, { sku: 'a%20b' }],
  ['a parameter more', '/a/:b', { b: 'x' }, '/a/:b/:c', { b: 'x', c: '' }],
])('a key belongs to one resource: %s', (_what, url, params, otherUrl, otherParams) => {
  expect(asked(otherUrl, otherParams).commandId).not.toBe(asked(url, params).commandId);
});

it('a UUID is one resource in upper and lower case', () => {
  expect(asked('/users/:userId', { userId: ID.toUpperCase() })).toEqual(asked('/users/:userId', { userId: ID }));
});

it.each([
  ['another query', { dry: '1' }, { dry: '2' }, { a: 1 }],
  ['no query', { dry: '1' }, {}, { a: 1 }],
  ['another body', {}, {}, { a: 2 }],
])('a key belongs to one request: %s', (_what, query, other, body) => {
  const [first, second] = [asked(STOCK, { sku: 'a' }, query), asked(STOCK, { sku: 'a' }, other, body)];

  expect(second.commandId).toBe(first.commandId);
  expect(second.fingerprint).not.toBe(first.fingerprint);
});

it('ids that version 0.1.0 made from keys are found again', () => {
  // Version 0.1.0 made it from the path as it was sent, in lower case.
  expect(asked('/users/:userId/username', { userId: ID })).toEqual({
    commandId: 'd05caa7c-a560-5dbc-a678-86d0bee373d7',
    fingerprint: 'AVq9f1zFei3ZS3WQ8ErYCEJzkF7jPsXOvq5iJ2qX-GI',
    earlierFingerprints: [],
    keepFor: 1_000,
  });
});
