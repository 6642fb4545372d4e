import type { Client } from 'pg';
import { isDatabaseAway } from '../event-log/database-away.js';
import { Timeline } from './timeline.js';

/** A server that answers with a timeline, null as a standby, or fails. */
const server = (answer: string | null | Error): Pick<Client, 'query'> => {
  const query = async () => {
    if (answer instanceof Error) throw answer;
    return { rows: [{ timeline: answer }] };
  };
  return { query: query as unknown as Client['query'] };
};
const failing = (code: string): Error => Object.assign(new Error(code), { code });

it('accepts the same server again and again, and refuses another one for good', async () => {
  const timeline = new Timeline('events');
  await timeline.check(server('00000001'));
  await timeline.check(server('00000001'));

  const refusal: unknown = await timeline.check(server('00000002')).catch((error: unknown) => error);

  expect(refusal).toMatchObject({ message: expect.stringMatching(/event log.*Restart the process/) });
  // So that what needs it waits, and nothing is parked or skipped.
  expect(isDatabaseAway(refusal)).toBe(true);
  expect(await timeline.failedOver).toBe(refusal);
});

it('refuses a standby, which may be promoted while it is connected, and then takes the primary', async () => {
  const timeline = new Timeline('views');
  const refusal: unknown = await timeline.check(server(null)).catch((error: unknown) => error);

  expect([isDatabaseAway(refusal), (refusal as Error).message]).toEqual([true, expect.stringContaining('standby')]);
  await expect(timeline.check(server('00000001'))).resolves.toBeUndefined();
});

it.each(['42883', '42501', '0A000'])('accepts a server that does not tell: %s', async (code) => {
  await expect(new Timeline('events').check(server(failing(code)))).resolves.toBeUndefined();
});

it.each(['57P01', '57014', 'ECONNRESET'])('refuses a connection whose server could not be asked: %s', async (code) => {
  await expect(new Timeline('events').check(server(failing(code)))).rejects.toMatchObject({ code });
});
