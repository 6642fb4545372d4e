import type { VerifyReport } from '../../src/event-sourcing/index.js';
import { killLeftovers } from '../support/app-process.js';
import { BUILD_TIMEOUT_MS } from '../support/built-app.js';
import { DATABASE_KINDS, type DatabaseKind } from '../support/databases.js';
import { runScript } from '../kernel/verify/run-script.js';
import { TestApp } from '../support/test-app.js';
import { interrupt, Leftfold, SEVERAL_COMMANDS } from './leftfold.js';

const DAMAGED = 14;
const UNGUARD: Record<DatabaseKind, string> = {
  sqlite: 'drop trigger events_are_not_updated',
  postgres: 'drop trigger events_are_immutable on events',
};
/** Enough for seconds of checking. */
const MANY = 300_000;
const MULTIPLY: Record<DatabaseKind, string> = {
  sqlite: `with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${MANY})`,
  postgres: `with numbers(n) as (select generate_series(1, ${MANY}))`,
};
const EVENT_ID: Record<DatabaseKind, string> = {
  sqlite: `printf('00000000-0000-4000-8000-%012d', n)`,
  postgres: `('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid`,
};

describe.each(DATABASE_KINDS)('log verify on %s', (kind) => {
  let leftfold: Leftfold;
  let app: TestApp;

  beforeAll(async () => {
    leftfold = await Leftfold.built();
  }, BUILD_TIMEOUT_MS);

  beforeEach(async () => {
    app = await TestApp.start(kind);
  });

  afterEach(async () => {
    await killLeftovers();
    await app.close();
  });

  it(
    'tells that the log is sound, beside a running app',
    async () => {
      await app.customer();

      const { code, stdout, stderr } = await leftfold.run(app.database, ['log', 'verify']);
      const asJson = await leftfold.run(app.database, ['log', 'verify', '--json']);

      expect(code).toBe(0);
      expect(stdout).toMatch(
        /^The log is sound: everything fits\.\nChecked: 4 events, 2 streams, \d+ subscriptions and 0 events set aside\.\n$/,
      );
      expect(stderr).toMatch(/^100 % {2}4 of 4 events( .*)?\n$/);
      expect(asJson.code).toBe(0);
      expect(JSON.parse(asJson.stdout)).toMatchObject({ ok: true, events: 4, streams: 2, findings: [], found: 0 });
    },
    SEVERAL_COMMANDS,
  );

  it(
    'shows the first ten of what it finds, how many there are, and fails',
    async () => {
      for (let number = 0; number < DAMAGED; number++) await app.register();
      const newest = await app.head();
      // Those of the people: a partition does not depend on the version, so nothing else is damaged.
      await runScript(app.database.url, [
        UNGUARD[kind],
        `update events set partition = 1023 - partition where position > ${newest - DAMAGED}`,
      ]);

      const { code, stdout } = await leftfold.run(app.database, ['log', 'verify']);
      const asJson = await leftfold.run(app.database, ['log', 'verify', '--json']);

      expect(code).toBe(1);
      const lines = stdout.trimEnd().split('\n');
      expect(lines[0]).toBe(`The log is NOT sound: ${DAMAGED} findings.`);
      const positions = Array.from({ length: 10 }, (_, index) => newest - DAMAGED + 1 + index);
      expect(lines.slice(1, 11)).toEqual(
        positions.map((position) => expect.stringMatching(new RegExp(`^ {2}partition: .*\\b${position}\\b`))),
      );
      expect(lines.slice(11)).toEqual([
        `  and ${DAMAGED - 10} more`,
        expect.stringMatching(`^Checked: ${newest} events, ${DAMAGED + 1} streams, `),
        expect.stringContaining('Restore a backup'),
      ]);
      expect(asJson.code).toBe(1);
      const report = JSON.parse(asJson.stdout) as VerifyReport;
      expect(report).toMatchObject({ ok: false, found: DAMAGED });
      expect(report.findings.map(({ check, position }) => ({ check, position }))).toEqual(
        positions.map((position) => ({ check: 'partition', position })),
      );
    },
    SEVERAL_COMMANDS,
  );

  it('ends at Ctrl-C, and shows how far it has come', async () => {
    const head = await app.head();
    await runScript(app.database.url, [
      `${MULTIPLY[kind]} insert into events (position, stream, version, event_id, type, schema_version, data, metadata,
         actor, correlation_id, recorded_at, partition)
       select ${head} + n, 'sample-' || n, 1, ${EVENT_ID[kind]}, 'samples.made', 1, '{}', '{}', 'system', '-',
         (select max(recorded_at) from events), 0 from numbers`,
    ]);
    const verifying = await leftfold.start(app.database, ['log', 'verify']);
    await verifying.waitFor(new RegExp(`of ${(head + MANY).toLocaleString('en-US')} events`), 60_000);

    const exit = await interrupt(verifying);

    expect(exit).toEqual({ code: 130, signal: null });
    expect(verifying.stdout).toBe('');
    expect(verifying.stderr).not.toContain('100 %');
    expect(verifying.stderr).toMatch(/^(\d+ % {2}[\d,]+ of [\d,]+ events.*\n)+$/);
  }, 120_000);
});
