import { setImmediate as nextTurn } from 'node:timers/promises';
import type { VerifyProgress } from '../../src/operations/verify/log-verifier.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { beforeStatements } from './before-statements.js';
import { HEAD, openLargeLog, PARKED, SLICE, STREAMS } from './large-log.js';
import type { VerifiedLog } from './verified-log.js';

describe.each(DATABASE_KINDS)('verify, of a log with many ranges on %s', (kind) => {
  let verified: VerifiedLog;
  const statements: string[] = [];

  beforeAll(async () => {
    verified = await openLargeLog(kind);
    const { events, views } = verified.databases;
    for (const { read } of [events, views]) read.logger.logQuery = (sql) => void statements.push(sql);
  });

  beforeEach(async () => {
    await verified.repair();
    statements.length = 0;
  });
  afterAll(() => verified.close());

  it('runs one statement per range, and a few more', async () => {
    const report = await verified.verify({ slice: SLICE });
    expect(report).toMatchObject({
      events: HEAD,
      streams: STREAMS,
      subscriptions: 4,
      parked: PARKED,
      findings: [],
      ok: true,
    });
    expect(statements.filter((sql) => sql.includes('e.recorded_at'))).toHaveLength(HEAD / SLICE);
    // The rows of both databases, the extent and the identity of the log, an event of each row, two pages of parked
    // events, how far the look-ups are filled, the outbox.
    expect(statements).toHaveLength(HEAD / SLICE + 2 + 2 + 4 + 2 + 1 + 1);
  });

  it('shows its progress after each range', async () => {
    await verified.sql('update leftfold_events set partition = 1000 where position in (5, 500)');
    const progress: VerifyProgress[] = [];
    await verified.verify({ slice: SLICE, onProgress: (each) => progress.push(each) });
    expect(progress).toEqual([
      { events: 200, of: HEAD, findings: 1 },
      { events: 400, of: HEAD, findings: 1 },
      { events: 600, of: HEAD, findings: 2 },
      { events: 800, of: HEAD, findings: 2 },
      { events: 1_000, of: HEAD, findings: 2 },
    ]);
  });

  it('ends when it is aborted, after the range that it reads', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const seen: number[] = [];
    const onProgress = ({ events }: VerifyProgress): void => {
      seen.push(events);
      if (events === 2 * SLICE) abort.abort(reason);
    };
    await expect(verified.verify({ slice: SLICE, onProgress, signal: abort.signal })).rejects.toBe(reason);
    expect(seen).toEqual([SLICE, 2 * SLICE]);
    const asked = statements.length;
    await nextTurn();
    expect(statements).toHaveLength(asked);
  });

  it('yields to the event loop, so that it can be aborted', async () => {
    const abort = new AbortController();
    const ranges: number[] = [];
    const verification = verified.verify({
      slice: SLICE,
      onProgress: (each) => ranges.push(each.events),
      signal: abort.signal,
    });
    while (ranges.length === 0) await nextTurn();
    abort.abort();
    await expect(verification).rejects.toBe(abort.signal.reason);
    expect(ranges.length).toBeLessThan(HEAD / SLICE);
  });

  it('finds a problem across the border of two ranges', async () => {
    await verified.sql(
      `update leftfold_events set recorded_at = recorded_at + 3600000 where position >= 200`,
      `update leftfold_events set recorded_at = recorded_at - 3600000 where position > 200`,
      'delete from leftfold_events where position between 399 and 402',
      `update leftfold_events set version = 900 where position = 990`,
    );
    const { findings } = await verified.verify({ slice: SLICE, most: 4 });
    expect(findings.map(({ check, position }) => [check, position])).toEqual([
      ['times', 201],
      ['positions', 399],
      ['versions', 419],
      ['versions', 420],
    ]);
    expect(findings[1]!.message).toContain('Positions 399 to 402 are missing: 4 events were');
  });

  it('finds a problem on a later page of parked events', async () => {
    await verified.sql(`update leftfold_parked_events set state = 'retrying' where position = 430`);
    expect((await verified.verify({ slice: SLICE })).findings).toEqual([
      {
        check: 'parked',
        where: 'subscription mail.receipts',
        message:
          'The event at position 430 that is parked for the subscription "mail.receipts" is retrying, and not waiting, ' +
          'although an earlier one of the stream order-10 is parked.',
        position: 430,
      },
    ]);
  });

  it('reports nothing wrong when parked events are handled between two pages', async () => {
    let pages = 0;
    const stop = beforeStatements(verified.databases.events.read, async (sql) => {
      if (!sql.includes('is_later') || ++pages !== 2) return;
      await verified.sql(
        'delete from leftfold_parked_events where position <= 400',
        `update leftfold_parked_events set state = 'retrying'`,
        'update leftfold_subscriptions set parked = 20, handled = handled + 200',
      );
    });
    try {
      expect(await verified.verify({ slice: SLICE })).toMatchObject({ findings: [], parked: PARKED });
      expect(await verified.verify({ slice: SLICE })).toMatchObject({ findings: [], parked: 20 });
    } finally {
      stop();
    }
  });
});
