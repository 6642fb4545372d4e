import { since } from '../support/client.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { expectProblem } from '../support/expectations.js';
import { TestApp } from '../support/test-app.js';
import { LabelsModule } from './labels.module.js';

const KEYS = [
  'a/b c',
  '../a',
  '.',
  '?a=b&c#d%20;:@,+',
  ' a ',
  '東京/本社',
  'مرحبا',
  'Größe',
  'e\u0301te\u0301',
  '\u1100\u1161',
  '\u212b',
  '👩‍👩‍👧',
  "'; drop table label_view --",
  'x'.repeat(200),
  '😀'.repeat(100),
];
/** Refused at the edge, and by the kernel. */
const FLAWED = ['a\tb', '\t', 'a\nb', '\0', '\x7f', '\u0085', 'x'.repeat(300)];

describe.each(DATABASE_KINDS)('a natural key as the id of an aggregate, on %s', (kind) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start(kind, {}, { with: [LabelsModule] });
  });

  afterAll(() => app.close());

  it.each(KEYS)('is the same in body, path, stream and row, in any Unicode form: %j', async (key) => {
    const [normal, other] = [key.normalize('NFC'), key.normalize('NFD')];
    const added = await app.anyone.post('/labels', { label: key });
    expect({ status: added.status, body: added.body }).toEqual({ status: 201, body: { label: normal } });
    expectProblem(await app.anyone.post('/labels', { label: other }), 409, 'already-exists');

    const used = await app.anyone.post(`/labels/${inPath(other)}/uses`);
    expect({ status: used.status, body: used.body }).toEqual({ status: 201, body: { label: normal } });

    for (const form of [normal, other]) {
      const found = await app.anyone.get(`/labels/${inPath(form)}`, since(used));
      expect({ status: found.status, body: found.body }).toEqual({ status: 200, body: { label: normal, uses: 2 } });
      const stream = await (await app.operator()).get(`/streams/${inPath(`label-${form}`)}`);
      expect(stream.body).toMatchObject({ items: [{ stream: `label-${normal}` }, { version: 2 }] });
    }
  });

  // The rest is the same on every database.
  if (kind !== 'sqlite') return;

  it.each([...FLAWED, '', '\ud800', 7, null, ['a']])('is refused in a body: %j', async (label) => {
    const answer = await app.anyone.post('/labels', JSON.stringify({ label }));
    expectProblem(answer, 400, 'validation-failed', { fields: ['label'] });
  });

  it.each(FLAWED)('is refused in a path: %j', async (label) => {
    const path = `/labels/${inPath(label)}`;
    expectProblem(await app.anyone.get(path), 400, 'validation-failed', { instance: path, fields: ['label'] });
  });

  it.each(FLAWED)('is refused by the kernel where no route checks it: %j', async (label) => {
    const path = `/labels/unchecked/${inPath(label)}`;
    expectProblem(await app.anyone.post(path), 400, 'invalid-id', { instance: path });
    expectProblem(await app.anyone.post(`${path}/uses`), 404, 'label-not-found', { instance: `${path}/uses` });
  });

  it.each(['%', '%zz', '%C3%28', '%ED%A0%80'])('is refused when its encoding is broken: %s', async (broken) => {
    const { status } = await app.anyone.get(`/labels/${broken}`);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });

  it.each(['a%2Fb', 'a%20b', 'a%09b', '%E6%9D%B1', 'e%CC%81', 'x'.repeat(300)])(
    'is an unknown SKU of a product when it can be none: %s',
    async (sku) => {
      for (const path of [`/products/${sku}`, `/products/${sku}/history`]) {
        expectProblem(await (await app.operator()).get(path), 404, 'product-not-found', { instance: path });
      }
      const body = { sku: decodeURIComponent(sku), name: 'x', unitPrice: { amount: 1, currency: 'EUR' }, stock: 1 };
      expectProblem(await (await app.operator()).post('/products', body), 400, 'validation-failed', {
        fields: ['sku'],
      });
    },
  );
});

/** Dots are encoded, too: a path of dots alone means another path. */
function inPath(key: string): string {
  return encodeURIComponent(key).replaceAll('.', '%2E');
}
