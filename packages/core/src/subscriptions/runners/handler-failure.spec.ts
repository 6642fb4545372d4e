import type { RecordedEvent } from '../../event-log/recorded-event.js';
import { failureOf } from '../parking/failure.js';
import { BatchFailure, HandlerFailure } from './handler-failure.js';

const event = { type: 'orders.order-placed', position: 7 } as RecordedEvent;
const unreadable = Object.defineProperty(new Error('x'), 'message', {
  get: () => {
    throw new Error('never');
  },
});

it.each([
  ['an error', new Error('no stock'), 'no stock'],
  ['an error whose message is no text', Object.assign(new Error(), { message: 5 }), 'What was thrown does not say why'],
  ['an error whose message throws', unreadable, 'What was thrown does not say why'],
  ['an object without a prototype', Object.create(null), 'What was thrown does not say why'],
  ['half of a surrogate pair', 'a\uD800', 'a\uFFFD'],
])("a handler's failure names the event and the error: %s", (_, thrown: unknown, message) => {
  const failures = [new HandlerFailure(event, thrown), new BatchFailure([event, event], thrown)];
  expect(failures.map((failure) => failure.message)).toEqual([
    expect.stringMatching(`^${message}.*\\(orders\\.order-placed at position 7\\)$`),
    expect.stringMatching(`^${message}.*positions 7 to 7\\)$`),
  ]);
  for (const { cause } of failures) expect(cause).toBe(thrown);
});

it("does not tell its cause twice, which may quote the event's data", () => {
  const named = { type: event.type, position: 7, data: { name: 'Ann Meier' } } as unknown as RecordedEvent;
  const failure = new HandlerFailure(named, new Error('no mailbox for Ann Meier'));

  expect(failureOf(failure).message).toBe('no mailbox for [data] (orders.order-placed at position 7)');
});
