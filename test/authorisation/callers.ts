import { JwtService } from '@nestjs/jwt';
import type { Client } from '../support/client.js';
import { NOBODY, type Person } from '../support/people.js';
import { JWT_SECRET, type TestApp } from '../support/test-app.js';

/** Callers with an invalid token. All but the garbage would be an operator's. */
export const VOID = [
  'garbage for a token',
  'an expired token',
  'a token signed with another secret',
  'the token of a user who is not in the log',
  'an operator whose role was just revoked',
  'an operator whose session ended',
] as const;

/** Signed-in callers, relative to the owner of the requested resource. */
export const SIGNED_IN = [
  'the owner',
  'another customer',
  'a revoked operator who signed in again',
  'an auditor',
  'an operator',
] as const;

export const CALLERS = ['nobody', ...VOID, ...SIGNED_IN] as const;

export type Caller = (typeof CALLERS)[number];

const RIGHT = { algorithm: 'HS256', issuer: 'leftfold', audience: 'leftfold' } as const;

/** Callers that are the same for every operation. */
export type LastingCallers = Readonly<
  Record<'nobody' | (typeof VOID)[number], Client> &
    Record<'another customer' | 'a revoked operator who signed in again' | 'an auditor' | 'an operator', Person>
>;

export async function lastingCallers(app: TestApp): Promise<LastingCallers> {
  const operator = await app.newOperator();
  const [revoked, ended] = [await app.newOperator(), await app.newOperator()];
  await (await app.operator()).delete(`${revoked.path}/roles/operator`);
  await ended.delete('/sessions/current');
  const auditor = await app.customer();
  await (await app.operator()).put(`${auditor.path}/roles/auditor`);
  const forged = (claims: object, secret: string, expiresIn: '1h' | -1): Client =>
    app.client(new JwtService().sign(claims, { ...RIGHT, secret, expiresIn }));
  return {
    nobody: app.anyone,
    'garbage for a token': app.client('a.b.c'),
    'an expired token': forged(claimsOf(operator), JWT_SECRET, -1),
    'a token signed with another secret': forged(claimsOf(operator), `${JWT_SECRET}.`, '1h'),
    'the token of a user who is not in the log': forged({ ...claimsOf(operator), sub: NOBODY }, JWT_SECRET, '1h'),
    'an operator whose role was just revoked': revoked,
    'an operator whose session ended': ended,
    'another customer': await app.customer(),
    'a revoked operator who signed in again': await app.signIn(revoked),
    'an auditor': await app.signIn(auditor),
    'an operator': await app.newOperator(),
  };
}

function claimsOf({ token }: Person): { sub: string; version: number; generation: number } {
  const { sub, version, generation } = new JwtService().decode<ReturnType<typeof claimsOf>>(token);
  return { sub, version, generation };
}
