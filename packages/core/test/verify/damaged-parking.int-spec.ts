import type { Finding } from '../../src/operations/verify/finding.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { ofMail } from './expected-findings.js';
import { openFollowedLog, setAside, SIDE_EFFECT } from './followed-log.js';
import type { VerifiedLog } from './verified-log.js';

const letter = (position: number, what: string): Finding => ({
  check: 'parked',
  where: SIDE_EFFECT,
  message: `The event at position ${position} that is parked for the subscription "mail.receipts" ${what}.`,
  position,
});
const orphaned = (subscription: string): Finding => ({
  check: 'parked',
  where: `subscription ${subscription}`,
  message: `Events are parked for the subscription "${subscription}", which has no row of state, so they are not handled.`,
});
const kept = (count: number): Finding =>
  ofMail('parked', `counts 5 parked events after position 6, and ${count} are stored for it`);
const NOT_FIRST = 'and not waiting, although an earlier one of the stream order-1 is parked';

describe.each(DATABASE_KINDS)('verify, with changed parked events, on %s', (kind) => {
  let verified: VerifiedLog;

  beforeAll(async () => {
    verified = await openFollowedLog(kind);
  });
  beforeEach(() => verified.repair());
  afterAll(() => verified.close());

  it.each<{ what: string; sql: string; findings: Finding[] }>([
    {
      what: 'a missing parked event',
      sql: 'delete from leftfold_parked_events where position = 16',
      findings: [kept(4)],
    },
    {
      what: 'a missing parked event with others behind it',
      sql: 'delete from leftfold_parked_events where position = 13',
      findings: [
        kept(4),
        letter(21, 'is waiting, and neither retrying nor dead, although it is the first of the stream order-1'),
      ],
    },
    {
      what: 'an uncounted parked event',
      sql: setAside({ stream: 'order-3', position: 15, state: 'dead' }),
      findings: [kept(6)],
    },
    {
      what: 'a parked event that is not in the log',
      sql: 'update leftfold_parked_events set position = 99 where position = 16',
      findings: [letter(99, 'is not in the log')],
    },
    {
      what: 'a parked event with a wrong stream',
      sql: `update leftfold_parked_events set stream = 'order-3' where position = 16`,
      findings: [letter(16, 'is one of the stream order-4, and is kept as one of order-3')],
    },
    {
      what: 'a first event that is waiting',
      sql: `update leftfold_parked_events set state = 'waiting' where position = 13`,
      findings: [
        letter(13, 'is waiting, and neither retrying nor dead, although it is the first of the stream order-1'),
      ],
    },
    {
      what: 'a later event that is retrying',
      sql: `update leftfold_parked_events set state = 'retrying' where position = 21`,
      findings: [letter(21, `is retrying, ${NOT_FIRST}`)],
    },
    {
      what: 'a later event that is dead',
      sql: `update leftfold_parked_events set state = 'dead' where position = 21`,
      findings: [letter(21, `is dead, ${NOT_FIRST}`)],
    },
    {
      what: 'an unknown state',
      sql: `update leftfold_parked_events set state = 'lost' where position in (13, 21)`,
      findings: [
        letter(13, 'is lost, and neither retrying nor dead, although it is the first of the stream order-1'),
        letter(21, `is lost, ${NOT_FIRST}`),
      ],
    },
    {
      what: 'parked events whose subscription is gone, reported once',
      sql: 'delete from leftfold_subscriptions',
      findings: [orphaned('mail.receipts')],
    },
    {
      what: 'a parked event whose subscription never existed',
      sql: `update leftfold_parked_events set subscription = 'mail.other' where position = 16`,
      findings: [kept(4), orphaned('mail.other')],
    },
  ])('finds $what', async ({ sql, findings }) => {
    expect((await verified.verify()).findings).toEqual([]);
    await verified.sql(sql);
    const report = await verified.verify();
    expect(report.findings).toEqual(findings);
    expect(report).toMatchObject({ found: findings.length, ok: false });
  });

  it('keeps the events of different subscriptions apart', async () => {
    await verified.sql(
      `insert into leftfold_subscriptions (name, version, types, log_id, start_position, position, handled, parked, epoch, expires_at)
       select 'stock.notices', 1, types, log_id, 20, position, 1, 1, 0, 0 from leftfold_subscriptions`,
      `insert into leftfold_parked_events (id, subscription, stream, position, state, tries, attempts)
       values ('another', 'stock.notices', 'order-1', 21, 'dead', 1, 1)`,
    );
    expect(await verified.verify()).toMatchObject({ findings: [], parked: 7, subscriptions: 4 });
  });
});
