import { randomBytes } from 'node:crypto';
import type { Answer, Headers } from '../support/client.js';
import { placeOf } from '../support/expectations.js';

/** A key that no other test uses. */
export function someKey(): Headers {
  return { 'idempotency-key': `key ${randomBytes(8).toString('hex')}` };
}

export function isReplayed({ headers }: Answer): boolean {
  return headers['idempotent-replayed'] === 'true';
}

/** A newly decided success. */
export function expectFirst(answer: Answer, status: 200 | 201): Answer {
  expect({ status: answer.status, body: answer.body }).toEqual({
    status,
    body: { userId: expect.any(String) },
  });
  expect(answer.headers['idempotent-replayed']).toBeUndefined();
  return answer;
}

/** Everything that a repeat must share with the first answer. */
export function expectReplay(again: Answer, first: Answer): void {
  expect(outcomeOf(again)).toEqual(outcomeOf(first));
  expect(again.headers['idempotent-replayed']).toBe('true');
}

/** The parts that are the same in every answer to one key. */
export function outcomeOf(answer: Answer): unknown {
  return {
    status: answer.status,
    text: answer.text,
    type: answer.headers['content-type'],
    ...placeOf(answer),
  };
}

/** The newly decided one among many answers with the same content. */
export function expectOneFirst(answers: readonly Answer[], status: 200 | 201): Answer {
  const firsts = answers.filter((answer) => !isReplayed(answer));
  expect(firsts.map(outcomeOf)).toHaveLength(1);
  const first = expectFirst(firsts[0]!, status);
  for (const answer of answers) if (answer !== first) expectReplay(answer, first);
  return first;
}
