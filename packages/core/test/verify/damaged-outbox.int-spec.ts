import type { Finding } from '../../src/operations/verify/finding.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { openFollowedLog } from './followed-log.js';
import { insert } from './run-script.js';
import type { VerifiedLog } from './verified-log.js';

/** Commands of the saga `mail.receipts`, which two payments of order-1 caused. */
const COMMANDS = [
  { id: 'first', position: 5, state: 'retrying' },
  { id: 'second', position: 13, state: 'waiting' },
];
const NO_ID = '01890a5d-ac96-774b-bcce-b302099a8057';

const finding = (id: string, position: number, what: string): Finding => ({
  check: 'outbox',
  where: 'subscription mail.receipts',
  message: `The command ${id} in the outbox of the saga "mail.receipts" ${what}.`,
  position,
});

describe.each(DATABASE_KINDS)('verify, with a changed outbox of sagas, on %s', (kind) => {
  let verified: VerifiedLog;
  let ids: string[];

  beforeAll(async () => {
    verified = await openFollowedLog(kind);
    ids = await Promise.all(COMMANDS.map(({ position }) => verified.eventIdAt(position)));
  });

  beforeEach(async () => {
    await verified.repair();
    for (const [index, command] of COMMANDS.entries()) {
      await verified.sql(
        insert('leftfold_saga_commands', {
          ...command,
          saga: 'mail.receipts',
          stream: 'order-1',
          line: 'order-1',
          place: 0,
          name: 'mail.send',
          version: 1,
          data: '{}',
          correlation_id: 'c',
          causation_id: ids[index]!,
        }),
      );
    }
  });

  afterAll(() => verified.close());

  it.each<[string, string, (ids: readonly string[]) => Finding[]]>([
    ['nothing', `update leftfold_saga_commands set name = 'mail.send'`, () => []],
    [
      'a command that was caused by no event',
      `update leftfold_saga_commands set position = 99 where id = 'second'`,
      () => [finding('second', 99, 'was caused by an event at position 99, which is not in the log')],
    ],
    [
      'a command that was caused by another event',
      `update leftfold_saga_commands set causation_id = '${NO_ID}' where id = 'first'`,
      ([id]) => [finding('first', 5, `was caused by the event ${NO_ID}, and at its position 5 is ${id}`)],
    ],
    [
      'a command of another stream',
      `update leftfold_saga_commands set stream = 'order-2' where id = 'first'`,
      () => [finding('first', 5, 'was caused by an event of the stream order-1, and is kept as one of order-2')],
    ],
    [
      'a command that waits for one that was removed',
      `delete from leftfold_saga_commands where id = 'first'`,
      () => [
        finding('second', 13, 'is waiting, although no earlier one with the key order-1 is left, so it never runs'),
      ],
    ],
    [
      'a command that does not wait for an earlier one',
      `update leftfold_saga_commands set state = 'ready' where id = 'second'`,
      () => [
        finding('second', 13, 'is ready, and not waiting, although an earlier one with the key order-1 is not done'),
      ],
    ],
  ])('finds %s', async (_what, sql, findings) => {
    await verified.sql(sql);
    expect((await verified.verify()).findings).toEqual(findings(ids));
  });
});
