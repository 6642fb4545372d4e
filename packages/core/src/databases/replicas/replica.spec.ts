import { Replica } from './replica.js';
import type { ReplicaServer, SeenReplica } from './replica-server.js';

const SOUND: SeenReplica = { isStandby: true, positions: new Map([['a.view', 7]]), logIds: new Set(['log']) };
const LIMITS = { replicaCheck: 5, replicaAnswer: 20, replicaPause: 5, replicaLag: 3 };

let lines: string[];
let cuts: number;
let seen: () => Promise<SeenReplica>;
let replica: Replica;
let primary: () => Promise<ReadonlyMap<string, number>>;

beforeEach(() => {
  lines = [];
  cuts = 0;
  seen = async () => SOUND;
  primary = async () => new Map([['a.view', 10]]);
  const server: ReplicaServer = {
    connect: () => Promise.reject(new Error('not needed')),
    positions: async () => SOUND.positions,
    look: () => seen(),
    cut: () => (cuts += 1),
    close: async () => undefined,
  };
  const write = (line: string) => lines.push(line);
  replica = new Replica('db-2:5432/app', server, LIMITS, { log: write, warn: write }, () => primary());
});

afterEach(() => replica.close());

/** Waits for a condition that a check brings about. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
}

it('answers queries from the first good check until it is closed, without a word', async () => {
  expect(replica.isUp).toBe(false);

  replica.start('log');
  await until(() => replica.isUp);

  expect([replica.positions, lines]).toEqual([SOUND.positions, []]);

  await replica.close();
  expect(replica.isUp).toBe(false);
});

it.each<[string, () => Promise<SeenReplica>, RegExp]>([
  ['is away', () => Promise.reject(new Error('connect ECONNREFUSED')), /left out: connect ECONNREFUSED\./],
  ['does not answer', () => new Promise(() => undefined), /left out: it gave no answer within 20 ms\./],
  ['was promoted', async () => ({ ...SOUND, isStandby: false }), /left out: it follows no primary/],
  ['has another log', async () => ({ ...SOUND, logIds: new Set(['log', 'other']) }), /built from another log\./],
])('is left out while it %s, with its connections cut and one line, and comes back with another', async (...given) => {
  const [, fault, line] = given;
  replica.start('log');
  await until(() => replica.isUp);

  seen = fault;
  await until(() => !replica.isUp);
  const first = cuts;
  await until(() => cuts > first + 2);
  expect([lines, replica.positions]).toEqual([[expect.stringMatching(line)], new Map()]);

  seen = async () => SOUND;
  await until(() => replica.isUp);
  expect(lines.slice(1)).toEqual(['The replica db-2:5432/app is back and answers queries again.']);
});

it('is left out while it is too far behind, keeps its connections, and comes back when it has caught up', async () => {
  replica.start('log');
  await until(() => replica.isUp);

  primary = async () => new Map([['a.view', 11]]);
  await until(() => !replica.isUp);
  expect([cuts, replica.positions]).toEqual([0, SOUND.positions]);
  expect(lines).toEqual([
    expect.stringContaining('its read models are 4 positions behind, and at most 3 are accepted.'),
  ]);

  seen = async () => ({ ...SOUND, positions: new Map([['a.view', 8]]) });
  await until(() => replica.isUp);
  expect(lines).toHaveLength(2);
});

it.each<[string, () => Promise<never>]>([
  ['is away', () => Promise.reject(new Error('connect ECONNREFUSED'))],
  ['gives no answer', () => new Promise(() => undefined)],
])('answers queries while the primary %s, because its lag is not known', async (_what, fault) => {
  primary = fault;
  replica.start('log');
  await until(() => replica.isUp);

  expect(lines).toEqual([]);
});

it('is left out from the start if it is away, and says so', async () => {
  seen = () => Promise.reject(new Error('connect ECONNREFUSED'));
  replica.start('log');
  await until(() => cuts > 1);

  expect([replica.isUp, lines]).toEqual([false, [expect.stringContaining('db-2:5432/app is left out')]]);
});

it('closes at once while a check gets no answer', async () => {
  seen = () => new Promise(() => undefined);
  replica.start('log');
  await replica.close();

  expect([replica.isUp, lines]).toEqual([false, []]);
});
