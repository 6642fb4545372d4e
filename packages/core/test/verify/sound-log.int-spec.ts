import { DATABASE_KINDS } from '../support/databases.js';
import type { VerifyProgress } from '../../src/operations/verify/log-verifier.js';
import { openFollowedLog } from './followed-log.js';
import { VerifiedLog } from './verified-log.js';

describe.each(DATABASE_KINDS)('verify, of a sound log on %s', (kind) => {
  let verified: VerifiedLog;

  afterEach(() => verified.close());

  it('finds nothing and reports what it has checked', async () => {
    verified = await openFollowedLog(kind);
    expect(await verified.verify()).toEqual({
      logId: await verified.log.id(),
      events: 24,
      streams: 4,
      subscriptions: 3,
      parked: 6,
      commands: 0,
      sealed: null,
      formerTags: 0,
      uncheckedTags: 0,
      findings: [],
      found: 0,
      ok: true,
    });
  });

  it('finds nothing among thousands of events in hundreds of streams', async () => {
    verified = await VerifiedLog.open(kind);
    await verified.appendRounds(300, 10);
    const progress: VerifyProgress[] = [];
    const report = await verified.verify({ onProgress: (each) => progress.push(each) });
    expect(report).toMatchObject({ events: 3_000, streams: 300, findings: [], ok: true });
    expect(progress).toEqual([{ events: 3_000, of: 3_000, findings: 0 }]);
  });

  it('accepts an empty log', async () => {
    verified = await VerifiedLog.open(kind);
    expect(await verified.verify()).toEqual({
      logId: await verified.log.id(),
      events: 0,
      streams: 0,
      subscriptions: 0,
      parked: 0,
      commands: 0,
      sealed: null,
      formerTags: 0,
      uncheckedTags: 0,
      findings: [],
      found: 0,
      ok: true,
    });
  });

  it('reads nothing when it is aborted beforehand', async () => {
    verified = await openFollowedLog(kind);
    const statements: string[] = [];
    verified.databases.events.read.logger.logQuery = (sql) => void statements.push(sql);
    const reason = new Error('not now');
    await expect(verified.verify({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(statements).toEqual([]);
    await verified.verify();
    expect(statements).not.toEqual([]);
  });
});
