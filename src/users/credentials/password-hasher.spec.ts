import { PasswordHasher } from './password-hasher.js';

const hasher = new PasswordHasher({ memoryCost: 8, timeCost: 1, parallelism: 1 });
const PARTS = /^(\$argon2id\$v=\d+\$m=8,t=1,p=1)\$([^$]+)\$([^$]+)$/;

/** Algorithm and cost, and the lengths of salt and hash: all that the time of a comparison depends on. */
function shapeOf(hash: string): unknown[] {
  const [, cost, salt = '', digest = ''] = PARTS.exec(hash) ?? [];
  return [cost, salt.length, digest.length];
}

it('knows a password again, however its letters are composed', async () => {
  const hash = await hasher.hash('caf\u00e9');

  await expect(hasher.verify(hash, 'cafe\u0301')).resolves.toBe(true);
  await expect(hasher.verify(hash, 'cafe')).resolves.toBe(false);
});

it('has a decoy of the same shape as a real hash, which no password matches', async () => {
  const decoy = hasher.decoy();

  expect(shapeOf(decoy)).toEqual(shapeOf(await hasher.hash('a password')));
  await expect(hasher.verify(decoy, 'a password')).resolves.toBe(false);
  expect(hasher.decoy()).not.toBe(decoy);
});
