import type { VerifyReport } from '@leftfold/core';
import { runScript } from '../../packages/core/test/verify/run-script.js';
import { TestApp } from '../support/test-app.js';
import { run, start } from './leftfold.js';

const DAMAGED = 14;
/** More than one batch. */
const MANY = 25_000;

// The findings on each database are proved in packages/core/test/verify.
describe('log verify', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start('sqlite');
  });

  afterAll(() => app.close());

  it('reports a sound log, beside a running app', async () => {
    await app.customer();

    const { code, stdout, stderr } = await run(app.database, 'log verify');
    const asJson = await run(app.database, 'log verify --json');

    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^The log is sound: no violations were found\.\nChecked: 4 events, 2 streams, \d+ subscriptions, 0 parked events and 0 commands of sagas; 0 events as sealed\.\n$/,
    );
    expect(stderr).toMatch(/^100 % {2}4 of 4 events( .*)?\n$/);
    expect(asJson.code).toBe(0);
    expect(JSON.parse(asJson.stdout)).toMatchObject({ ok: true, events: 4, streams: 2, findings: [], found: 0 });
  });

  it('shows the first ten findings and their number, and fails', async () => {
    for (let number = 0; number < DAMAGED; number++) await app.register();
    const newest = await app.head();
    // Those of the users: a partition does not depend on the version, so nothing else is damaged.
    await runScript(app.database.url, [
      'drop trigger leftfold_events_are_not_updated',
      `update leftfold_events set partition = 1023 - partition where position > ${newest - DAMAGED}`,
    ]);

    const { code, stdout } = await run(app.database, 'log verify');
    const asJson = await run(app.database, 'log verify --json');

    expect(code).toBe(1);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe(`The log is NOT sound: ${DAMAGED} findings.`);
    const positions = Array.from({ length: 10 }, (_, index) => newest - DAMAGED + 1 + index);
    expect(lines.slice(1, 11)).toEqual(
      positions.map((position) => expect.stringMatching(new RegExp(`^ {2}partition: .*\\b${position}\\b`))),
    );
    expect(lines.slice(11)).toEqual([
      `  and ${DAMAGED - 10} more`,
      expect.stringMatching(`^Checked: ${newest} events, ${DAMAGED + 2} streams, `),
      expect.stringContaining('Restore a backup'),
    ]);
    expect(asJson.code).toBe(1);
    const report = JSON.parse(asJson.stdout) as VerifyReport;
    expect(report).toMatchObject({ ok: false, found: DAMAGED });
    expect(report.findings.map(({ check, position }) => ({ check, position }))).toEqual(
      positions.map((position) => ({ check: 'partition', position })),
    );
  });
});

it('log verify ends at Ctrl-C, and shows its progress', async () => {
  const app = await TestApp.start('sqlite');
  const head = await app.head();
  await runScript(app.database.url, [
    `with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${MANY})
     insert into leftfold_events (position, stream, version, event_id, type, schema_version, data, metadata,
       actor, correlation_id, recorded_at, partition)
     select ${head} + n, 'sample-' || n, 1, printf('00000000-0000-4000-8000-%012d', n), 'samples.made', 1, '{}', '{}',
       'system', '-', (select max(recorded_at) from leftfold_events), 0 from numbers`,
  ]);

  const { code, stdout, stderr } = await start(app.database, 'log verify').interruptOnceItSays(
    new RegExp(`of ${(head + MANY).toLocaleString('en-US')} events`),
  );

  expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
  expect(stderr).not.toContain('100 %');
  expect(stderr).toMatch(/^(\d+ % {2}[\d,]+ of [\d,]+ events.*\n)+$/);
  await app.close();
});
