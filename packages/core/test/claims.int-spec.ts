import { jest } from '@jest/globals';
import { Client } from 'pg';
import { Databases } from '../src/index.js';
import type { WriteDatabase } from '../src/databases/write-database.js';
import { StatesByKind } from '../src/subscriptions/states/states-by-kind.js';
import type { Adopt, Claim } from '../src/subscriptions/states/claims.js';
import type { SubscriptionStates } from '../src/subscriptions/states/subscription-states.js';
import { ALARM, CounterAlarm, CounterGreeter } from './counters/counter-alarm.js';
import { CounterNodes } from './counters/counter-nodes.js';
import { LEVELLING, LEVELLING_PROVIDERS } from './counters/counter-saga.js';
import { DATABASE_KINDS, type DatabaseKind } from './support/databases.js';
import { eventually } from './support/eventually.js';

const GREETER = 'counters.greeter';
const NAMES = [ALARM, GREETER, LEVELLING];
const ALLOW: Adopt = async () => true;

interface Here {
  readonly nodes: CounterNodes;
  readonly states: SubscriptionStates;
  /** Transactions on the log's database. */
  readonly transactions: jest.Mock;
  readonly write: WriteDatabase;
  claimAll(adopt?: Adopt): Promise<PromiseSettledResult<Claim | undefined>[]>;
}

function useClaims(kind: DatabaseKind): Here {
  const here = {} as { -readonly [Name in keyof Here]: Here[Name] };
  beforeAll(async () => {
    here.nodes = await CounterNodes.prepare(kind, {
      providers: [CounterAlarm, CounterGreeter, ...LEVELLING_PROVIDERS],
    });
    const node = await here.nodes.start({ runSubscriptions: false });
    here.states = node.get(StatesByKind).saga;
    const { write } = node.get(Databases).events;
    here.write = write;
    here.transactions = jest.spyOn(write, 'transaction') as unknown as jest.Mock;
    here.claimAll = (adopt = ALLOW) => Promise.allSettled(NAMES.map((name) => here.states.claim(name, false, adopt)));
  });
  beforeEach(async () => {
    const free = 'owner = null, epoch = 0, expires_at = 0, halted = null, attempts = 0, attempt_position = null';
    await here.nodes.sql(`update leftfold_subscriptions set ${free}`);
    here.transactions.mockClear();
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await here.nodes.drop();
  });
  return here;
}

const claimed = (abandonedBy: string | null, row: object) => ({
  status: 'fulfilled',
  value: expect.objectContaining({ abandonedBy, row: expect.objectContaining(row) as object }) as object,
});
const NOT_CLAIMED = { status: 'fulfilled', value: undefined };

describe.each(DATABASE_KINDS)('subscriptions that are claimed together, on %s', (kind) => {
  const here = useClaims(kind);

  it('are released with one statement, except those that another process has taken over', async () => {
    const claims = (await here.claimAll()) as PromiseFulfilledResult<Claim>[];
    expect(claims).toHaveLength(3);
    await here.nodes.sql(
      `update leftfold_subscriptions set owner = 'another', epoch = epoch + 1 where name = '${ALARM}'`,
    );
    const statements = jest.spyOn(here.write, 'statement');

    await Promise.all(claims.map(({ value }) => here.states.release(value.lease)));

    // A sign of life of the node may be among them.
    expect(statements.mock.calls.filter(([sql]) => sql.includes('leftfold_subscriptions'))).toHaveLength(1);
    statements.mockRestore();
    const rows = await here.nodes.sql('select name, owner from leftfold_subscriptions order by name');
    expect(rows).toEqual(NAMES.toSorted().map((name) => ({ name, owner: name === ALARM ? 'another' : null })));
  });

  it('share one transaction', async () => {
    const claims = await here.claimAll();

    expect(claims).toEqual(NAMES.map(() => claimed(null, { owner: here.states.owner, epoch: 1, attempts: 0 })));
    expect(here.transactions).toHaveBeenCalledTimes(1);
  });

  it('are decided about one by one: taken over and counted, left to a live owner, left paused', async () => {
    await here.nodes.sql(`update leftfold_subscriptions set owner = 'crashed', epoch = 4 where name = '${ALARM}'`);
    await here.nodes.sql(
      `update leftfold_subscriptions set owner = 'live', expires_at = ${Date.now() + 300_000} where name = '${GREETER}'`,
    );
    await here.nodes.sql(`update leftfold_subscriptions set halted = 'paused' where name = '${LEVELLING}'`);

    expect(await here.claimAll()).toEqual([
      claimed('crashed', { name: ALARM, epoch: 5, attempts: 1, attemptPosition: 0 }),
      NOT_CLAIMED,
      NOT_CLAIMED,
    ]);
  });

  it('are claimed without one that can’t be', async () => {
    const claims = await here.claimAll(async ({ name }) => {
      if (name === GREETER) throw new Error('This one fails.');
      return true;
    });

    const row = { owner: here.states.owner, epoch: 1 };
    const failed = { status: 'rejected', reason: new Error('This one fails.') };
    expect(claims).toEqual([claimed(null, row), failed, claimed(null, row)]);
  });

  it('give a lease to the later of two claims of one', async () => {
    const [one, other, alone] = await Promise.all(
      [ALARM, ALARM, GREETER].map((name) => here.states.claim(name, false, ALLOW)),
    );

    expect([one, other, alone].map((claim) => claim?.lease.epoch)).toEqual([1, 2, 1]);
  });
});

describe('subscriptions that are claimed together, on PostgreSQL', () => {
  const here = useClaims('postgres');

  it('don’t wait for one whose row another process holds', async () => {
    const other = new Client({ connectionString: here.nodes.database.url });
    await other.connect();
    await other.query(`begin; select from leftfold_subscriptions where name = '${GREETER}' for update`);
    const done = new Set<string>();
    const claims = NAMES.map((name) => here.states.claim(name, false, ALLOW));
    for (const claim of claims) void claim.then((each) => done.add(each!.row.name));

    await eventually(() => expect(done).toEqual(new Set([ALARM, LEVELLING])));
    await other.query('commit');
    await other.end();

    expect(await Promise.all(claims)).toEqual(
      NAMES.map((name) => expect.objectContaining({ row: expect.objectContaining({ name }) as object })),
    );
  });
});
