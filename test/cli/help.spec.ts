import { type Ended, expectRefused, run as runCommand } from './leftfold.js';

/** Opening it fails with another exit code than wrong usage. */
const UNREACHABLE = 'postgres://nobody@127.0.0.1:1/nothing';
const ID = '0198a3c4-5d6e-7f80-9a1b-2c3d4e5f6071';

function run(line: string): Promise<Ended> {
  return runCommand({ url: UNREACHABLE, viewsUrl: UNREACHABLE }, line, { LEASE_TTL: 'nonsense' });
}

describe('help, which opens no database,', () => {
  it.each([
    ['--help', 'Operates the event log and its subscriptions, also while the application runs.'],
    ['log --help', 'Shows, checks, exports and imports the event log.'],
    ['log tail --help', 'Shows the last events, oldest first'],
    ['log stats --help', 'Counts events by category and type'],
    ['log verify --help', 'Exit code 1 when it finds a violation.'],
    ['log export --help', 'The file has personal data as the log stores it. Keep it as private as the log.'],
    ['subscriptions --help', 'Shows and controls the subscriptions: read models, side effects and sagas.'],
    ['subscriptions list --help', 'Shows all subscriptions: how far each is, and which process runs it.'],
    ['subscriptions show --help', 'Shows one subscription, with its last error and its last rebuild.'],
    ['subscriptions pause --help', 'Waits until no process runs it.'],
    ['subscriptions resume --help', 'Resumes a paused or stopped subscription at its checkpoint.'],
    [
      'subscriptions gone --help',
      'Shows the remaining work of side effects and sagas that this program no longer has.',
    ],
    ['subscriptions move --help', 'Events that the other one has delivered itself are left out.'],
    ['subscriptions discard --help', 'Discards the remaining work of a gone subscription permanently'],
    ['subscriptions rebuild --help', 'Rebuilds a read model from the log while the old rows stay in use'],
    ['dead-letters --help', 'Shows, retries and discards dead letters'],
    ['dead-letters list --help', 'Shows all dead letters, in the order in which they were created.'],
    ['dead-letters show --help', 'with the error and the stack of its last attempt.'],
    ['dead-letters retry --help', 'Exit code 1 if it becomes a dead letter again.'],
    ['dead-letters discard --help', 'Discards a dead letter permanently'],
    ['relay --help', 'Looks after the hand-over of events to the broker.'],
    ['relay republish --help', 'from a position up to the checkpoint of the subscription'],
    ['proofs --help', 'Proves what is in the log, and verifies it, also offline.'],
    ['proofs prove --help', 'the event, the path to the root, and the last signed checkpoint.'],
    ['proofs verify-proof --help', 'Exit code 1 when it proves nothing.'],
    ['proofs verify-certificate --help', 'Exit code 1 when it certifies nothing.'],
    ['proofs consistency --help', 'With --tiles it works offline'],
    ['proofs verify --help', 'a changed, removed, moved or inserted event is named.'],
    ['proofs witness --help', 'It needs no database.'],
    ['proofs new-origin --help', 'so that auditors see that its history begins anew.'],
    ['proofs key --help', 'Makes and shows keys.'],
    ['proofs key new --help', 'With --out it goes to a new file'],
    ['proofs key show --help', 'Prints the public keys of a file with private keys.'],
    ['schedules --help', 'Shows and cancels commands that sagas have scheduled.'],
    ['schedules list --help', 'in the order in which they are due.'],
    ['schedules cancel --help', 'unless it has begun. The saga is not told.'],
    ['nodes --help', 'Shows the processes of the application that are alive.'],
    ['nodes list --help', 'what each does, its version, and the partitions that it runs.'],
    ['recurring --help', 'Shows and controls the recurring jobs.'],
    ['recurring list --help', 'when each is due, and when it ran last.'],
    ['recurring pause --help', 'Due times during the pause are not made up for.'],
    ['recurring resume --help', 'Resumes a paused recurring job at its next due time.'],
    ['recurring run --help', 'Its next due time stays.'],
    ['look-ups --help', 'by which events are found by type, category, actor and correlation id.'],
    ['look-ups rebuild --help', 'Interrupted, running nodes go on with it.'],
    ['tags --help', 'Looks after the tags by which decisions find events.'],
    ['tags rebuild --help', 'It adds tags and removes none.'],
    ['personal-data forget --help', 'Run again, it prints the same one.'],
    ['users --help', 'Grants and revokes roles of users; also makes the first operator.'],
    ['users grant-role --help', 'Gives a user a role. The event names the command line as its actor.'],
    ['users revoke-role --help', 'Takes a role away from a user. The last operator keeps the role.'],
    ['backup --help', 'For PostgreSQL it copies nothing, and prints the commands that do.'],
  ])('of %s says what it does, and shows how', async (line, sentence) => {
    const { code, stdout, stderr } = await run(line);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(sentence);
    // A command with subcommands lists them instead of an example.
    expect(stdout).toMatch(/^(Examples?|Commands):\n {2}\w/m);
  });

  it.each(['', 'log', 'subscriptions', 'nodes', 'schedules', 'recurring', 'dead-letters', 'look-ups', 'tags', 'users'])(
    'is shown on standard error when no subcommand follows "%s"',
    async (line) => {
      const { code, stdout, stderr } = await run(line);

      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/^Usage: leftfold /);
    },
  );
});

describe('wrong usage is explained in one sentence, and opens no database', () => {
  it.each([
    ['lgo', `Unknown command 'lgo'. Did you mean log? Otherwise see "leftfold --help".`],
    ['log nonsense', `Unknown command 'nonsense': see "leftfold log --help".`],
    ['log tail --nonsense', `Unknown option '--nonsense': see "leftfold log tail --help".`],
    ['log tail here', `Too many arguments for 'tail'. Expected 0 arguments but got 1: see "leftfold log tail --help".`],
    ['log tail --limit', `Option '-n, --limit <number>' argument missing: see "leftfold log tail --help".`],
    ['log tail --limit many', '--limit is "many": give a whole number from 1 to 10000.'],
    ['log tail --limit 0', '--limit is "0": give a whole number from 1 to 10000.'],
    ['log tail --after -1', '--after is "-1": give a whole number of at least 0.'],
    [
      'log tail --from 2026-02-30T12:00:00Z',
      '--from is "2026-02-30T12:00:00Z": give a time with its zone, such as 2026-01-31T12:00:00Z, or a day, such as 2026-01-31.',
    ],
    [
      'log tail --to yesterday',
      '--to is "yesterday": give a time with its zone, such as 2026-01-31T12:00:00Z, or a day, such as 2026-01-31.',
    ],
    ['subscriptions pause', `Missing required argument 'name': see "leftfold subscriptions pause --help".`],
    ['dead-letters retry 12', '<id> is "12": give a UUID, as "leftfold dead-letters list" shows it.'],
    ['users grant-role ann operator', '<user> is "ann": give an e-mail address, or a user id (a UUID).'],
    [`users grant-role ${ID} boss`, '<role> is "boss": give one of customer, operator, auditor.'],
    ['relay republish --from 0', '--from is "0": give a whole number of at least 1.'],
    [
      'proofs prove abc',
      '<position-or-event-id> is "abc": give a position, from 1 on, or the id of an event (a UUID).',
    ],
    ['proofs prove 0', '<position-or-event-id> is "0": give a position, from 1 on, or the id of an event (a UUID).'],
    ['backup', `Missing required argument 'folder': see "leftfold backup --help".`],
  ])('%s', async (line, sentence) => {
    expectRefused(await run(line), sentence, 2);
  });
});
