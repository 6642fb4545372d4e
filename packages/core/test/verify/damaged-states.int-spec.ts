import type { Finding } from '../../src/operations/verify/finding.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { ofList, ofMail } from './expected-findings.js';
import { openFollowedLog } from './followed-log.js';
import type { VerifiedLog } from './verified-log.js';

const NOWHERE = '01900000-0000-7000-8000-000000000000';
const counts = (handled: number, parked: number, discarded: number, after: number, upTo: number, log: number) =>
  `has handled ${handled}, parked ${parked} and discarded ${discarded} events after position ${after} up to ${upTo}, ` +
  `together ${handled + parked + discarded}; the log has ${log} of its types there`;
const restored = (position: number) =>
  `is at position ${position}, and the log ends at 24: the log was restored to an earlier state`;
const unknown = (eventId: string) =>
  `has handled the event ${eventId}, which is not in the log: the log was restored to an earlier state`;

describe.each(DATABASE_KINDS)('verify, where rows of state were changed, on %s', (kind) => {
  let verified: VerifiedLog;

  beforeAll(async () => {
    verified = await openFollowedLog(kind);
  });
  beforeEach(() => verified.repair());
  afterAll(() => verified.close());

  it.each<{ set: string; findings: Finding[] }>([
    { set: 'position = 25', findings: [ofList('checkpoint', restored(25))] },
    { set: 'position = -1', findings: [ofList('checkpoint', 'is at position -1, which is not a valid one')] },
    {
      set: 'start_position = 25',
      findings: [ofList('checkpoint', 'counts the events after position 25, and is at position 24 itself')],
    },
    {
      set: 'start_position = -1',
      findings: [ofList('checkpoint', 'counts the events after position -1, and is at position 24 itself')],
    },
    { set: 'start_position = 5', findings: [ofList('count', `${counts(16, 0, 0, 5, 24, 11)}: rebuild it`, 24)] },
    { set: 'handled = 15', findings: [ofList('count', `${counts(15, 0, 0, 0, 24, 16)}: rebuild it`, 24)] },
    { set: 'handled = 17', findings: [ofList('count', `${counts(17, 0, 0, 0, 24, 16)}: rebuild it`, 24)] },
    { set: 'discarded = 1', findings: [ofList('count', `${counts(16, 0, 1, 0, 24, 16)}: rebuild it`, 24)] },
    {
      set: 'parked = 1',
      findings: [
        ofList('count', `${counts(16, 1, 0, 0, 24, 16)}: rebuild it`, 24),
        ofList('parked', 'counts 1 parked events after position 0, and 0 are stored for it'),
      ],
    },
    {
      set: `types = '["orders.paid"]'`,
      findings: [ofList('count', `${counts(16, 0, 0, 0, 24, 12)}: rebuild it`, 24)],
    },
    ...['orders.paid', '"orders.paid"', '[1]', '{}'].map((types) => ({
      set: `types = '${types}'`,
      findings: [ofList('count', 'counts events of types that are no JSON list of names, so its count is meaningless')],
    })),
    { set: `event_id = '${NOWHERE}'`, findings: [ofList('origin', unknown(NOWHERE), 24)] },
    { set: `event_id = 'nonsense'`, findings: [ofList('origin', unknown('nonsense'), 24)] },
    {
      set: `log_id = 'another'`,
      findings: [ofList('origin', 'follows the log another, and this is the log <id>')],
    },
    { set: 'types = null, handled = 99', findings: [] },
    { set: `types = '[]', handled = 0`, findings: [] },
    { set: `types = '["orders.paid","orders.paid","orders.placed"]'`, findings: [] },
    { set: 'event_id = null', findings: [] },
    { set: 'position = 23, handled = 15, event_id = null', findings: [] },
  ])('finds in the row of a read model: $set', async ({ set, findings }) => {
    expect((await verified.verify()).findings).toEqual([]);
    await verified.viewsSql(`update leftfold_read_models set ${set} where name = 'orders.list'`);
    await expectFindings(findings);
  });

  it('finds that a read model has handled an event beyond its position', async () => {
    await verified.viewsSql(`update leftfold_read_models set position = 20, handled = 12 where name = 'orders.list'`);
    const what = `has handled the event ${await verified.eventIdAt(24)} at position 24, and is only at position 20`;
    await expectFindings([ofList('origin', what, 24)]);
  });

  it.each<{ set: string; findings: Finding[] }>([
    { set: 'position = 25', findings: [ofMail('checkpoint', restored(25))] },
    { set: 'position = 24', findings: [ofMail('count', counts(2, 5, 1, 6, 24, 10), 24)] },
    { set: 'handled = 3', findings: [ofMail('count', counts(3, 5, 1, 6, 22, 8), 22)] },
    { set: 'discarded = 0', findings: [ofMail('count', counts(2, 5, 0, 6, 22, 8), 22)] },
    {
      set: 'parked = 4, handled = 3',
      findings: [ofMail('parked', 'counts 4 parked events after position 6, and 5 are stored for it')],
    },
    {
      set: 'start_position = 5',
      findings: [
        ofMail('count', counts(2, 5, 1, 5, 22, 9), 22),
        ofMail('parked', 'counts 5 parked events after position 5, and 6 are stored for it'),
      ],
    },
    { set: `event_id = '${NOWHERE}'`, findings: [ofMail('origin', unknown(NOWHERE), 22)] },
    {
      set: `log_id = 'another', parked = 6`,
      findings: [
        ofMail('origin', 'follows the log another, and this is the log <id>'),
        ofMail('parked', 'counts 6 parked events after position 6, and 5 are stored for it'),
      ],
    },
  ])('finds in the row of a side effect: $set', async ({ set, findings }) => {
    expect((await verified.verify()).findings).toEqual([]);
    await verified.sql(`update leftfold_subscriptions set ${set}`);
    await expectFindings(findings);
  });

  async function expectFindings(expected: Finding[]): Promise<void> {
    const id = await verified.log.id();
    const report = await verified.verify();
    expect(report.findings).toEqual(expected.map((each) => ({ ...each, message: each.message.replace('<id>', id) })));
    expect(report).toMatchObject({ found: expected.length, ok: expected.length === 0 });
  }
});
