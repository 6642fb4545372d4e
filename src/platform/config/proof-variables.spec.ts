import { readFileSync } from 'node:fs';
import { newSigningKey, parseSigningKey } from '@leftfold/proofs';
import { type ProofSettings, readProofs } from './proof-variables.js';
import { Variables } from './variables.js';

const { verifier: WITNESS } = parseSigningKey(newSigningKey('w.example', 'witness'));
const { verifier: LOG } = parseSigningKey(newSigningKey('log'));

const read = (
  env: Readonly<Record<string, string>>,
  environment = 'development',
): [ProofSettings | undefined, string[]] => {
  const warnings: string[] = [];
  return [readProofs(new Variables((name) => env[name]), environment, warnings), warnings];
};

it.each([
  ['nothing is set', {}],
  ['it is off, with a key', { PROOFS: 'off', PROOF_KEY: 'k' }],
])('does not seal the log when %s', (_what, env) => {
  expect(read(env)).toEqual([undefined, []]);
});

it('keeps the last checkpoint beside the file of keys', () => {
  const settings = { keys: undefined, mayMakeKey: true, witnessKeys: [], isPublic: false };
  expect(read({ PROOFS: 'on' })).toEqual([
    { ...settings, keyFile: './proof.key', memory: './proof.key.last-checkpoint' },
    [],
  ]);
  expect(read({ PROOF_KEY_FILE: '/k', PROOF_MEMORY: '/m', PROOFS_PUBLIC: 'true' }, 'production')).toEqual([
    { ...settings, keyFile: '/k', memory: '/m', mayMakeKey: false, isPublic: true },
    [],
  ]);
});

it.each(['.gitignore', 'packages/create-leftfold/template/gitignore'])('makes nothing that %s lacks', (file) => {
  const patterns = readFileSync(file, 'utf8').split('\n');
  expect(patterns).toEqual(expect.arrayContaining(['*.key', '*.key.last-checkpoint']));
});

it('takes two keys while they are exchanged, and warns when no checkpoint is remembered', () => {
  const [settings, warnings] = read({ PROOF_KEY: 'one, two' }, 'production');
  expect(settings).toMatchObject({ keys: ['one', 'two'], memory: undefined });
  expect(warnings).toEqual([expect.stringMatching(/^PROOF_MEMORY is not set: .*older backup/)]);
});

it('trusts several witnesses', () => {
  expect(read({ PROOFS: 'on', PROOF_WITNESS_KEYS: `${WITNESS}, ${WITNESS}` })[0]).toMatchObject({
    witnessKeys: [WITNESS, WITNESS],
  });
});

it.each([
  [
    { PROOFS: 'on' },
    'production',
    /PROOF_KEY is missing in production; set it to what "leftfold proofs key new" prints/,
  ],
  [
    { PROOFS: 'on', PROOF_WITNESS_KEYS: LOG },
    'development',
    /PROOF_WITNESS_KEYS has "log\+.*no public key of a witness/,
  ],
  [{ PROOFS: 'on', PROOF_WITNESS_KEYS: 'k' }, 'development', /PROOF_WITNESS_KEYS has "k", which is no public key/],
  [{ PROOF_WITNESS_KEYS: WITNESS }, 'development', /PROOF_WITNESS_KEYS is set, and the log is not sealed/],
  [{ PROOFS_PUBLIC: 'true' }, 'development', /PROOFS_PUBLIC is true, and the log is not sealed; set PROOFS=on/],
])('refuses %j in %s', (env, environment, message) => {
  expect(() => read(env, environment)).toThrow(message);
});
