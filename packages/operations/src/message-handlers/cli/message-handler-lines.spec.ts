import { messageHandlerLines } from './message-handler-lines.js';

const LIVE = {
  name: 'orders.mark-paid',
  from: 'billing.invoice.*',
  state: 'live',
  problem: null,
  waiting: 1_200,
  unacknowledged: 8,
  lastError: null,
} as const;

it('are a table below that of the subscriptions', () => {
  const off = { ...LIVE, name: 'b.off', from: null, state: 'off', waiting: null, unacknowledged: null } as const;
  const away = {
    ...off,
    name: 'a.away',
    from: 'a.*',
    state: 'stopped',
    problem: 'away',
    lastError: 'no route',
  } as const;

  expect(messageHandlerLines([away, off, LIVE])).toEqual([
    '',
    'MESSAGE HANDLER   FROM               STATE    WAITING  UNACKNOWLEDGED  PROBLEM',
    'a.away            a.*                stopped        -               -  away: no route',
    'b.off             -                  off            -               -  -',
    'orders.mark-paid  billing.invoice.*  live       1,200               8  -',
  ]);
});

it('are nothing in an application without any', () => {
  expect(messageHandlerLines([])).toEqual([]);
});
