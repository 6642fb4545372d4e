import { type Content, Fingerprints } from './fingerprints.js';

const [OLD, NEW] = ['the secret of this year, 32 letters', 'the secret of next year, 32 letters'];
const ANN: Content = { body: { email: 'ann@example.com', password: 'secret' }, query: {} };

const all = (secrets: readonly string[], content = ANN): string[] => {
  const { fingerprint, earlierFingerprints } = new Fingerprints(secrets).of(content);
  return [fingerprint, ...earlierFingerprints];
};

it('can be made only with the secret', () => {
  const [keyed, plain] = all([OLD]);

  expect(all([])).toEqual([plain]);
  expect(all([NEW])[0]).not.toBe(keyed);
  expect(keyed).not.toBe(plain);
  expect(keyed).toMatch(/^[\w-]{43}$/);
});

it('is the same on every node that has the secret, and stays the same in later versions', () => {
  expect(all([OLD])).toEqual([
    'T7Td-q9w3zeVrBpaiK7aSU9uF8dhLQqwiddq8UrHt6I',
    'wiNQqHoMap2wzbi8Si0BrYzNM973W5lpZj9kHE5smz8',
  ]);
});

it('recognises what was stored with the secrets of before, and without one', () => {
  const [before, plain] = all([OLD]);

  expect(all([NEW, OLD])).toEqual([all([NEW])[0], before, plain]);
});

it('has no two fingerprints in common with another content, and leaves passwords out', () => {
  const others: Content[] = [
    { body: { email: 'bob@example.com' }, query: {} },
    { ...ANN, query: { dry: '1' } },
  ];
  for (const other of others)
    expect(all([NEW, OLD]).filter((each) => all([NEW, OLD], other).includes(each))).toEqual([]);

  expect(all([OLD], { body: { email: 'ann@example.com', password: 'another' }, query: {} })).toEqual(all([OLD]));
});

it('asks for the secrets once, at the first request', () => {
  let asked = 0;
  const fingerprints = new Fingerprints(() => (asked++, [OLD]));
  expect(asked).toBe(0);

  for (let time = 0; time < 2; time++) fingerprints.of(ANN);

  expect(asked).toBe(1);
});

it('refuses a secret that can be guessed', () => {
  expect(() => new Fingerprints(['short']).of(ANN)).toThrow('fewer than 32 characters');
});
