import { Cosignatures, newSigningKey, Sealed } from '@leftfold/proofs';
import { cosignedCheckpoint, WITNESS } from '../support/cosigned-checkpoint.js';
import { RecurringJobModule } from '../support/recurring-job.js';
import { TestApp } from '../support/test-app.js';
import { Matrix } from './matrix.js';
import { WHO_MAY } from './who-may.js';

describe('authorisation', () => {
  let app: TestApp;
  let matrix: Matrix;

  beforeAll(async () => {
    const env = {
      RATE_LIMITS: 'off',
      PROOF_KEY: newSigningKey('log.example'),
      PROOF_WITNESS_KEYS: WITNESS.verifier,
    };
    app = await TestApp.start('sqlite', env, { with: [RecurringJobModule] });
    await app.nest.get(Sealed, { strict: false }).waitFor(1, 20_000);
    await app.nest.get(Cosignatures, { strict: false }).add(await cosignedCheckpoint(app));
    matrix = await Matrix.of(app);
  });

  afterAll(() => app.close());

  it('the table covers every operation of the OpenAPI document, and no other', () => {
    expect(matrix.differences(WHO_MAY)).toEqual([]);
  });

  it.each(Object.entries(WHO_MAY))('%s: %s', async (line, who) => {
    expect(await matrix.complaints(line, who)).toEqual([]);
  });

  describe('this test finds', () => {
    it('a missing operation in the table, and a line without an operation', () => {
      const { 'GET /users': _, ...rest } = WHO_MAY;

      expect(matrix.differences({ ...rest, 'GET /passwords': 'anyone' })).toEqual([
        'GET /users is not in the table: who may?',
        'There is no GET /passwords: strike it out.',
      ]);
    });

    it('a caller who is wrongly let in, and the change', async () => {
      const complaints = await matrix.complaints('PUT /users/{userId}/username', 'operator');

      expect(complaints).toEqual([
        'the owner is answered 200 in place of 403 forbidden',
        'another customer is answered 404 user-not-found in place of 403 forbidden',
        'a revoked operator who signed in again is answered 404 user-not-found in place of 403 forbidden',
        'a refused request changed events',
        expect.stringContaining('an operator is answered 403'),
      ]);
    });

    it('a caller who is wrongly refused', async () => {
      expect(await matrix.complaints('GET /orders/{orderId}', 'signed-in')).toEqual([
        expect.stringContaining('another customer is answered 404'),
        expect.stringContaining('a revoked operator who signed in again is answered 404'),
      ]);
    });

    it('an answer that reveals another user’s data', async () => {
      expect(await matrix.complaints('POST /sessions', 'signed-in')).toContain('another customer is told of the owner');
    });
  });
});
