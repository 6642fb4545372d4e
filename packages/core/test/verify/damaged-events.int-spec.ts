import { partitionOf } from '../../src/event-log/partition.js';
import type { Finding } from '../../src/operations/verify/finding.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { listCount, mailCount, missing, partition, time, version } from './expected-findings.js';
import { openFollowedLog, recordedAt } from './followed-log.js';
import type { VerifiedLog } from './verified-log.js';

describe.each(DATABASE_KINDS)('verify, where events were changed, on %s', (kind) => {
  let verified: VerifiedLog;

  beforeAll(async () => {
    verified = await openFollowedLog(kind);
  });
  beforeEach(() => verified.repair());
  afterAll(() => verified.close());

  it.each<{ what: string; sql: string[]; findings: Finding[] }>([
    {
      what: 'a changed version',
      sql: ['update leftfold_events set version = 50 where position = 17'],
      findings: [
        version('order-1', 17, 50, 'version 49 is not in the log'),
        version('order-1', 21, 6, 'version 5 is not in the log'),
      ],
    },
    {
      what: 'a version below the first',
      sql: ['update leftfold_events set version = 0 where position = 1'],
      findings: [
        version('order-1', 1, 0, 'versions start at 1'),
        version('order-1', 5, 2, 'version 1 is not in the log'),
      ],
    },
    {
      what: 'two exchanged versions',
      sql: [
        'update leftfold_events set version = 100 where position = 9',
        'update leftfold_events set version = 3 where position = 13',
        'update leftfold_events set version = 4 where position = 9',
      ],
      findings: [version('order-1', 9, 4, 'version 3 comes only after it, at position 13')],
    },
    {
      what: 'an event in a wrong stream',
      sql: [`update leftfold_events set stream = 'order-9' where position = 9`],
      findings: [
        version('order-9', 9, 3, 'version 2 is not in the log'),
        partition('order-9', 9, partitionOf('order-1')),
        version('order-1', 13, 4, 'version 3 is not in the log'),
      ],
    },
    {
      what: 'a wrong partition',
      sql: ['update leftfold_events set partition = 1000 where position = 9'],
      findings: [partition('order-1', 9, 1000)],
    },
    {
      what: 'exchanged times of neighbours',
      sql: [
        `update leftfold_events set recorded_at = ${recordedAt(10)} where position = 9`,
        `update leftfold_events set recorded_at = ${recordedAt(9)} where position = 10`,
      ],
      findings: [time(10, 9, 9, 10)],
    },
    {
      what: 'exchanged times of two distant events',
      sql: [
        `update leftfold_events set recorded_at = ${recordedAt(13)} where position = 9`,
        `update leftfold_events set recorded_at = ${recordedAt(9)} where position = 13`,
      ],
      findings: [time(10, 10, 9, 13), time(13, 9, 12, 12)],
    },
    {
      what: 'a time that decreases across a hole',
      sql: [
        'delete from leftfold_events where position = 19',
        `update leftfold_events set recorded_at = ${recordedAt(17)} where position = 20`,
      ],
      findings: [
        missing('Position 19 is missing: an event was', 19),
        time(20, 17, 18, 18),
        version('order-3', 23, 6, 'version 5 is not in the log'),
      ],
    },
    {
      what: 'a changed type',
      sql: [`update leftfold_events set type = 'orders.other' where position = 15`],
      findings: [listCount(15), mailCount(7)],
    },
    {
      what: 'a type changed to one that a subscription counts',
      sql: [`update leftfold_events set type = 'orders.paid' where position = 11`],
      findings: [listCount(17), mailCount(9)],
    },
  ])('finds $what', async ({ sql, findings }) => {
    expect((await verified.verify()).findings).toEqual([]);
    await verified.sql(...sql);
    const report = await verified.verify();
    expect(report.findings).toEqual(findings);
    expect(report).toMatchObject({ found: findings.length, ok: false });
  });

  it('accepts events recorded in the same millisecond', async () => {
    await verified.sql(`update leftfold_events set recorded_at = ${recordedAt(0)}`);
    expect((await verified.verify()).findings).toEqual([]);
  });
});
