import { DATABASE_KINDS } from '../support/databases.js';
import { openFollowedLog } from './followed-log.js';
import type { VerifiedLog } from './verified-log.js';

describe.each(DATABASE_KINDS)('the findings of verify, on %s', (kind) => {
  let verified: VerifiedLog;

  beforeAll(async () => {
    verified = await openFollowedLog(kind);
    await verified.log.append([
      { stream: 'many-1', expected: 0, events: Array.from({ length: 150 }, () => ({ type: 'x.happened', data: {} })) },
    ]);
    await verified.sql('update leftfold_events set partition = 1000');
  });
  afterAll(() => verified.close());

  it('are limited to the requested number, and the rest are counted', async () => {
    const report = await verified.verify({ most: 3 });
    expect(report.findings.map((each) => each.position)).toEqual([1, 2, 3]);
    expect(report).toMatchObject({ found: 174, ok: false });
  });

  it('may be limited to none, and are still counted', async () => {
    expect(await verified.verify({ most: 0 })).toMatchObject({ findings: [], found: 174, ok: false });
  });

  it('are limited to a hundred by default', async () => {
    const { findings, found } = await verified.verify();
    expect(findings).toHaveLength(100);
    expect(found).toBe(174);
  });

  it('are counted in the progress, including those not kept', async () => {
    const counts: number[] = [];
    await verified.verify({ most: 3, onProgress: ({ findings }) => counts.push(findings) });
    expect(counts).toEqual([174]);
  });
});

it('verify finds values in a SQLite file that are no numbers', async () => {
  const verified = await openFollowedLog('sqlite');
  try {
    await verified.sql(
      `update leftfold_events set recorded_at = 'soon' where position = 9`,
      `update leftfold_events set version = 'last' where position = 24`,
      `update leftfold_subscriptions set position = 'here'`,
    );
    await verified.viewsSql(`update leftfold_read_models set handled = 'all' where name = 'orders.list'`);
    const { findings } = await verified.verify();
    expect(findings.map(({ check, where, position }) => [check, where, position])).toEqual([
      ['times', 'log', 9],
      ['times', 'log', 10],
      ['versions', 'stream order-4', 24],
      ['count', 'read model orders.list', 24],
      ['checkpoint', 'subscription mail.receipts', undefined],
    ]);
    expect(findings[0]!.message).toContain('position 9 was recorded at "NaN", which is no time');
    expect(findings[2]!.message).toContain('is version NaN of the stream order-4, and versions start at 1');
  } finally {
    await verified.close();
  }
});
