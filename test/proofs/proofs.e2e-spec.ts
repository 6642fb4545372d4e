import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  formatNote,
  newSigningKey,
  parseCheckpoint,
  parseProof,
  parseSigningKey,
  parseVerifierKey,
  Sealed,
  verifyNote,
} from '@leftfold/proofs';
import { addProduct } from '../orders/shop.js';
import { type Answer, type Client, since } from '../support/client.js';
import { cosignedCheckpoint, WITNESS } from '../support/cosigned-checkpoint.js';
import { expectProblem, placeOf } from '../support/expectations.js';
import { someNames, type Person } from '../support/people.js';
import { TestApp } from '../support/test-app.js';

const KEY = newSigningKey('log.example');
const SEALED = { 'Leftfold-Wait': 'sealed' };

describe('proofs over HTTP', () => {
  let folder: string;
  let app: TestApp;
  let operator: Person;
  let sealed: Answer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'proofs-'));
    app = await TestApp.start('sqlite', {
      PROOF_KEY: KEY,
      PROOF_MEMORY: join(folder, 'last'),
      PROOF_WITNESS_KEYS: WITNESS.verifier,
      READ_WAIT_LIMIT: '20s',
    });
    operator = await app.operator();
    sealed = await app.anyone.post('/users', someNames(), SEALED);
  });

  afterAll(async () => {
    await app.close();
    await rm(folder, { recursive: true });
  });

  const sizeSeenBy = async (client: Client): Promise<number> => {
    const { status, text, headers } = await client.get('/proofs/checkpoint');
    expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type: 'text/plain; charset=utf-8' });
    const checkpoint = parseCheckpoint(text);
    expect(verifyNote(checkpoint.note, [parseVerifierKey(parseSigningKey(KEY).verifier)])).toHaveLength(1);
    return checkpoint.size;
  };

  it('answers a command that waits for its seal when a checkpoint covers it', async () => {
    expect({ status: sealed.status, sealed: sealed.headers['leftfold-sealed'] }).toEqual({
      status: 201,
      sealed: 'true',
    });
    expect(await sizeSeenBy(operator)).toBeGreaterThanOrEqual(Number(sealed.headers['leftfold-position']));
  });

  it('waits for the seal of the outcome that it answers', async () => {
    const ann = await app.customer();
    const body = { lines: [{ sku: await addProduct(app, 1), quantity: 1 }] };
    const headers = { prefer: 'wait=25', 'idempotency-key': 'sealed outcome', ...SEALED };
    const { orderId } = (await ann.post('/orders', body, headers)).body as { orderId: string };
    const cancelled = await ann.post(`/orders/${orderId}/cancellation`, { reason: 'late' });
    await ann.get(`/orders/${orderId}`, since(cancelled));

    const again = await ann.post('/orders', body, headers);

    expect(again.headers).toMatchObject({
      'leftfold-sealed': 'true',
      'leftfold-position': String(placeOf(cancelled).position),
    });
    expect(await sizeSeenBy(operator)).toBeGreaterThanOrEqual(placeOf(cancelled).position);
  });

  it('refuses another wait, and leaves a command without one as it was', async () => {
    const refused = await app.anyone.post('/users', someNames(), { 'Leftfold-Wait': 'printed' });
    expectProblem(refused, 400, 'validation-failed');
    expect((await app.anyone.post('/users', someNames())).headers['leftfold-sealed']).toBeUndefined();
  });

  it('serves tiles and entries of the size of the checkpoint', async () => {
    const size = await sizeSeenBy(operator);
    const tile = await operator.get(`/proofs/tile/0/000.p/${size}`);
    expect({ status: tile.status, type: tile.headers['content-type'] }).toEqual({
      status: 200,
      type: 'application/octet-stream',
    });
    expect(tile.headers).toMatchObject({
      'content-length': String(size * 32),
      'cache-control': 'public, max-age=3600',
      vary: 'Authorization',
    });
    expect((await operator.get(`/proofs/tile/entries/000.p/${size}`)).status).toBe(200);
    for (const path of ['0/000', '0/000.p/255', '0/001.p/1', '0/0', 'entries/000', '9/000.p/1']) {
      expectProblem(await operator.get(`/proofs/tile/${path}`), 404, 'tile-not-found');
    }
  });

  it('gives the proof of an event as a file, and says when to ask for one that is not sealed yet', async () => {
    const position = Number(sealed.headers['leftfold-position']);
    const { status, text, headers } = await operator.get(`/events/${position}/proof`);
    expect(status).toBe(200);
    expect(headers['content-disposition']).toBe(`attachment; filename="event-${position}.tlog-proof"`);
    expect(parseProof(text).index).toBe(position - 1);

    const later = await operator.get('/events/1000000/proof');
    expectProblem(later, 404, 'not-sealed-yet');
    expect(later.headers['retry-after']).toBe('1');
    expectProblem(await operator.get('/events/0/proof'), 400, 'validation-failed');
  });

  it('serves what a witness has signed, once somebody hands it in', async () => {
    // A checkpoint of what the tests before have stored would take the place of the one that is signed here.
    await app.nest.get(Sealed, { strict: false }).waitFor(await app.head(), 20_000);
    expectProblem(await operator.get('/proofs/checkpoint/cosigned'), 404, 'not-cosigned-yet');
    const { note, size, origin } = parseCheckpoint((await operator.get('/proofs/checkpoint')).text);

    const handedIn = await operator.post('/proofs/cosignatures', { checkpoint: await cosignedCheckpoint(app) });

    const witnesses = [`w.example+${WITNESS.keyId}`];
    expect([handedIn.status, handedIn.body]).toEqual([201, { origin, size, witnesses }]);
    const served = await operator.get('/proofs/checkpoint/cosigned');
    expect(served.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(verifyNote(parseCheckpoint(served.text).note, [parseVerifierKey(WITNESS.verifier)])).toHaveLength(1);
    expect((await operator.get('/proofs/checkpoint')).text).toBe(served.text);
    expect(parseProof((await operator.get('/events/1/proof')).text).checkpoint.note.signatures).toHaveLength(2);
    const refused = await operator.post('/proofs/cosignatures', { checkpoint: formatNote(note) });
    expectProblem(refused, 422, 'cosignature-refused');
    expectProblem(await operator.post('/proofs/cosignatures', { checkpoint: 1 }), 400, 'validation-failed');
  });

  it('is for operators and auditors', async () => {
    const auditor = await app.customer();
    expectProblem(await app.anyone.get('/proofs/checkpoint'), 401, 'not-signed-in');
    expectProblem(await auditor.get('/proofs/checkpoint'), 403, 'forbidden');
    const granted = await operator.put(`${auditor.path}/roles/auditor`);
    expect(granted.status).toBe(200);
    const signedIn = await app.signIn(auditor);
    expect((await signedIn.get('/proofs/checkpoint')).status).toBe(200);
    expect((await signedIn.get('/events/1/proof')).status).toBe(200);
    expectProblem(await signedIn.post('/proofs/cosignatures', { checkpoint: 'x' }), 403, 'forbidden');
  });
});

it('answers with 202 when the seal takes too long, and to anybody when proofs are public', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'proofs-'));
  const app = await TestApp.start('sqlite', {
    PROOF_KEY: KEY,
    PROOF_MEMORY: join(folder, 'last'),
    PROOFS_PUBLIC: 'true',
    READ_WAIT_LIMIT: '0s',
    ROLE: 'api',
  });
  try {
    const { status, headers } = await app.anyone.post('/users', someNames(), SEALED);
    expect({ status, sealed: headers['leftfold-sealed'] }).toEqual({ status: 202, sealed: 'false' });
    expect(headers['leftfold-position']).toMatch(/^\d+$/);
    expectProblem(await app.anyone.get('/proofs/checkpoint'), 404, 'not-sealed-yet');
    expectProblem(await app.anyone.get('/proofs/checkpoint/cosigned'), 404, 'not-cosigned-yet');
    expectProblem(await app.anyone.post('/proofs/cosignatures', { checkpoint: 'x' }), 401, 'not-signed-in');
  } finally {
    await app.close();
    await rm(folder, { recursive: true });
  }
});
