import type { LogSummary } from '@leftfold/core';
import { DATABASE_KINDS } from '../support/databases.js';
import { TestApp } from '../support/test-app.js';
import { json, run } from './leftfold.js';

describe.each(DATABASE_KINDS)('log stats on %s', (kind) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start(kind);
    await app.customer();
    await app.operator();
  });

  afterAll(() => app.close());

  it('counts events by category and type, and shows size, times and growth', async () => {
    const stats = await json<LogSummary>(app.database, 'log stats');

    expect(stats).toMatchObject({
      events: 5,
      streams: 2,
      categories: [{ category: 'user', events: 5 }],
      types: [
        { type: 'users.user-logged-in', events: 2 },
        { type: 'users.user-registered', events: 2 },
        { type: 'users.role-granted', events: 1 },
      ],
      lastHour: 5,
      lastDay: 5,
    });
    expect(stats.bytes).toBeGreaterThan(10_000);
    const events = await app.eventsAfter(0);
    expect([stats.firstRecordedAt, stats.lastRecordedAt]).toEqual([events[0]!.recordedAt, events[4]!.recordedAt]);
  });

  it('prints columns for people', async () => {
    const { code, stdout, stderr } = await run(app.database, 'log stats');

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Events {14}5\nStreams {13}2\nSize {16}\d+\.\d KiB\nFirst recorded {6}\d{4}-/);
    expect(stdout).toContain(
      '\nIn the last day     5\n\nCATEGORY  EVENTS    SHARE\nuser           5  100.0 %\n\nTYPE ',
    );
    expect(stdout).toContain('\nusers.user-registered       2  40.0 %\n');
  });
});

it('log stats counts nothing in an empty log', async () => {
  const app = await TestApp.start('sqlite', { OPERATOR_EMAIL: undefined, OPERATOR_PASSWORD: undefined });
  try {
    expect(await json<LogSummary>(app.database, 'log stats')).toMatchObject({
      events: 0,
      streams: 0,
      categories: [],
      types: [],
      firstRecordedAt: null,
      lastRecordedAt: null,
      lastDay: 0,
    });
    expect(await run(app.database, 'log stats')).toMatchObject({ code: 0 });
  } finally {
    await app.close();
  }
});
