import type { Finding } from '../../src/operations/verify/finding.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { beforeStatements } from './before-statements.js';
import { listCount, mailCount, missing, ofList, time, version } from './expected-findings.js';
import { openFollowedLog } from './followed-log.js';
import type { VerifiedLog } from './verified-log.js';

describe.each(DATABASE_KINDS)('verify, where events are missing or moved, on %s', (kind) => {
  let verified: VerifiedLog;

  beforeAll(async () => {
    verified = await openFollowedLog(kind);
  });
  beforeEach(() => verified.repair());
  afterAll(() => verified.close());

  it.each<{ what: string; sql: string; findings: Finding[] }>([
    {
      what: 'a missing event',
      sql: 'delete from leftfold_events where position = 10',
      findings: [
        missing('Position 10 is missing: an event was', 10),
        version('order-2', 14, 4, 'version 3 is not in the log'),
      ],
    },
    {
      what: 'consecutive missing events',
      sql: 'delete from leftfold_events where position between 9 and 11',
      findings: [
        missing('Positions 9 to 11 are missing: 3 events were', 9),
        version('order-1', 13, 4, 'version 3 is not in the log'),
        version('order-2', 14, 4, 'version 3 is not in the log'),
        version('order-3', 15, 4, 'version 3 is not in the log'),
      ],
    },
    {
      what: 'missing events at two places',
      sql: 'delete from leftfold_events where position in (17, 18, 20, 21, 22, 24)',
      findings: [
        missing('Positions 17 to 18 are missing: 2 events were', 17),
        missing('Positions 20 to 22 are missing: 3 events were', 20),
        ofList('checkpoint', 'is at position 24, and the log ends at 23: the log was restored to an earlier state'),
        mailCount(6),
        ...[21, 22].map((position) => ({
          check: 'parked' as const,
          where: 'subscription mail.receipts',
          message: `The event at position ${position} that is parked for the subscription "mail.receipts" is not in the log.`,
          position,
        })),
      ],
    },
    {
      what: 'a missing event that subscriptions have counted',
      sql: 'delete from leftfold_events where position = 8',
      findings: [
        missing('Position 8 is missing: an event was', 8),
        version('order-4', 12, 3, 'version 2 is not in the log'),
        listCount(15),
        mailCount(7),
      ],
    },
    {
      what: 'a missing beginning',
      sql: 'delete from leftfold_events where position = 1',
      findings: [
        missing('Position 1 is missing: an event was', 1),
        version('order-1', 5, 2, 'version 1 is not in the log'),
        listCount(15),
      ],
    },
    {
      what: 'a missing end that a read model has handled',
      sql: 'delete from leftfold_events where position = 24',
      findings: [
        ofList('checkpoint', 'is at position 24, and the log ends at 23: the log was restored to an earlier state'),
      ],
    },
    {
      what: 'an event that was moved far away',
      sql: 'update leftfold_events set position = 900000000000 where position = 20',
      findings: [
        missing('Position 20 is missing: an event was', 20),
        version('order-4', 24, 6, 'version 5 comes only after it, at position 900000000000'),
        missing('Positions 25 to 899999999999 are missing: 899999999975 events were', 25),
        time(900_000_000_000, 20, 24, 24),
      ],
    },
    {
      what: 'an event before the first position',
      sql: 'update leftfold_events set position = 0 where position = 1',
      findings: [
        {
          check: 'positions',
          where: 'log',
          message: 'The log begins at position 0; positions start at 1.',
          position: 0,
        },
        missing('Position 1 is missing: an event was', 1),
        listCount(15),
      ],
    },
  ])('finds $what', async ({ sql, findings }) => {
    expect((await verified.verify()).findings).toEqual([]);
    await verified.sql(sql);
    const report = await verified.verify();
    expect(report.findings).toEqual(findings);
    expect(report).toMatchObject({ found: findings.length, ok: false });
  });

  it('finds that the end of the log was removed during the check', async () => {
    const stop = beforeStatements(verified.databases.events.read, async (sql) => {
      if (sql.includes('e.recorded_at')) await verified.sql('delete from leftfold_events where position >= 23');
    });
    try {
      const { findings } = await verified.verify();
      expect(findings[0]).toEqual(missing('Positions 23 to 24 are missing: 2 events were', 23));
    } finally {
      stop();
    }
  });

  it('counts the existing events and streams', async () => {
    await verified.sql('delete from leftfold_events where position in (1, 10, 11)');
    expect(await verified.verify()).toMatchObject({ events: 21, streams: 3 });
  });
});
