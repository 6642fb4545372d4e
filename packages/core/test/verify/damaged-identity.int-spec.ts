import { DATABASE_KINDS } from '../support/databases.js';
import { openFollowedLog, READ_MODEL, SIDE_EFFECT } from './followed-log.js';
import { insert } from './run-script.js';
import type { VerifiedLog } from './verified-log.js';

const OTHER_LOG = 'ffffffff-ffff-4fff-bfff-ffffffffffff';

describe.each(DATABASE_KINDS)('verify, where the log has lost its identity, on %s', (kind) => {
  let verified: VerifiedLog;

  beforeAll(async () => {
    verified = await openFollowedLog(kind);
  });
  beforeEach(() => verified.repair());
  afterAll(() => verified.close());

  it('finds that all subscriptions follow another log', async () => {
    await verified.sql(`update leftfold_event_log set log_id = '${OTHER_LOG}'`);
    const { logId, findings } = await verified.verify();
    const was = await verified.log.id();
    expect(logId).toBe(OTHER_LOG);
    expect(findings).toEqual(
      ['read model orders.list', 'read model orders.old', 'subscription mail.receipts'].map((where) => ({
        check: 'origin',
        where,
        message: `The ${where.replace(/(\S+)$/, '"$1"')} follows the log ${was}, and this is the log ${OTHER_LOG}.`,
      })),
    );
  });

  it('finds that the identity is gone, and checks the rest', async () => {
    await verified.sql('delete from leftfold_event_log', 'delete from leftfold_events where position = 8');
    const { logId, findings } = await verified.verify();
    expect(logId).toBeNull();
    expect(findings[0]).toEqual({
      check: 'origin',
      where: 'log',
      message: 'The table leftfold_event_log has 0 rows; it must have exactly one, the identity of the log.',
    });
    expect(findings.slice(1).map(({ check, where }) => [check, where])).toEqual([
      ['positions', 'log'],
      ['versions', 'stream order-4'],
      ['count', READ_MODEL],
      ['count', SIDE_EFFECT],
    ]);
  });

  it('finds a second identity', async () => {
    await verified.sql(
      insert('leftfold_event_log', { log_id: OTHER_LOG, tag_key: 'x', created_at: 9_000_000_000_000 }),
    );
    const { logId, findings } = await verified.verify();
    expect(logId).toBe(await verified.log.id());
    expect(findings).toEqual([
      {
        check: 'origin',
        where: 'log',
        message: 'The table leftfold_event_log has 2 rows; it must have exactly one, the identity of the log.',
      },
    ]);
  });
});
