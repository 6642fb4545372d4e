import type { CertificateCheck } from './certificate-check.js';
import { CertificateRefusedError } from './certificate-refused.error.js';
import { readCertificate } from './read-certificate.js';

const FACTS = { subject: 'ann', eventId: 'e', position: 7, forgottenAt: '2026-01-31T12:00:00.000Z' };
const FORGETTING = { ...FACTS, forgottenAt: new Date(FACTS.forgottenAt) };
const plain = JSON.stringify(FACTS);
const signed = JSON.stringify({ ...FACTS, signatures: ['— log.example abc'] });

/** Knows one good certificate. */
class Check implements CertificateCheck {
  readonly asked: (readonly string[])[] = [];
  constructor(readonly isSealed: boolean) {}

  async verify(text: string, { keys }: { readonly keys: readonly string[] }): Promise<void> {
    this.asked.push(keys);
    if (text !== signed) throw new CertificateRefusedError('It was changed.');
  }
}

it('verifies every signature, also with --unsigned and while the log is not sealed', async () => {
  for (const isSealed of [true, false]) {
    const check = new Check(isSealed);
    expect(await readCertificate(signed, check, { keys: ['former'], unsigned: true })).toEqual({
      ...FORGETTING,
      isVerified: true,
    });
    expect(check.asked).toEqual([['former']]);
    const changed = readCertificate(signed.replace('ann', 'bob'), check, { unsigned: true });
    await expect(changed).rejects.toThrow('It was changed.');
  }
});

it('takes one without a signature from a log that signs none, and else only when asked to', async () => {
  const unverified = { ...FORGETTING, isVerified: false };
  expect(await readCertificate(plain, undefined, {})).toEqual(unverified);
  expect(await readCertificate(plain, new Check(false), {})).toEqual(unverified);
  expect(await readCertificate(plain, new Check(true), { unsigned: true })).toEqual(unverified);
  await expect(readCertificate(plain, new Check(true), {})).rejects.toThrow(
    expect.objectContaining({ message: 'It is not signed, and this log signs its certificates.', isUnsigned: true }),
  );
});

it.each([
  ['no JSON', '{', 'It is no JSON'],
  ['null', 'null', 'no certificate of forgetting'],
  ['no subject', JSON.stringify({ ...FACTS, subject: '' }), 'no certificate of forgetting'],
  ['a wrong position', JSON.stringify({ ...FACTS, position: '7' }), 'no certificate of forgetting'],
  ['no time', JSON.stringify({ ...FACTS, forgottenAt: 'then' }), 'no certificate of forgetting'],
  ['signatures that are no list', JSON.stringify({ ...FACTS, signatures: 'none' }), 'no certificate of forgetting'],
  ['a signature that nothing can verify', signed, 'no proofs to verify it with'],
])('refuses %s', async (_what, text, message) => {
  await expect(readCertificate(text, undefined, {})).rejects.toThrow(message);
});
