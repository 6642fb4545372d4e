import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { NEVER } from 'rxjs';
import { POSTGRES } from '../databases/dialects/postgres.dialect.js';
import { Namespace } from '../databases/namespace.js';
import type { Databases } from '../databases/databases.js';
import type { EventLog } from '../event-log/event-log.js';
import { type Hint, SubscriptionSignals } from './subscription-signals.js';

afterEach(() => jest.restoreAllMocks());

it("notifies this process of a change even if the other processes can't be notified", async () => {
  const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
  const statement = jest.fn(() => Promise.reject(new Error('connection refused')));
  const events = {
    target: { kind: 'postgres' },
    namespace: new Namespace('leftfold_'),
    write: { dialect: POSTGRES, statement },
  };
  const signals = new SubscriptionSignals(
    { events, views: events } as unknown as Databases,
    { appended$: NEVER } as unknown as EventLog,
  );
  const heard: Hint[] = [];
  signals.hints$.subscribe((hint) => heard.push(hint));

  signals.announce();
  await signals.notify();

  expect(heard).toEqual(['certain']);
  expect(statement).toHaveBeenCalledTimes(2);
  expect(warn).toHaveBeenLastCalledWith(expect.stringMatching(/at their next poll: connection refused$/));
  signals.close();
});
