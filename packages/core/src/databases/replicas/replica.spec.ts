import { Replica } from './replica.js';
import type { ReplicaServer, SeenReplica } from './replica-server.js';

const SOUND: SeenReplica = { isStandby: true, positions: new Map([['a.view', 7]]), logIds: new Set(['log']) };
const LIMITS = { replicaCheck: 5, replicaAnswer: 20, replicaPause: 5 };

let lines: string[];
let cuts: number;
let seen: () => Promise<SeenReplica>;
let replica: Replica;

beforeEach(() => {
  lines = [];
  cuts = 0;
  seen = async () => SOUND;
  const server: ReplicaServer = {
    connect: () => Promise.reject(new Error('not needed')),
    positions: async () => SOUND.positions,
    look: () => seen(),
    cut: () => (cuts += 1),
    close: async () => undefined,
  };
  const write = (line: string) => lines.push(line);
  replica = new Replica('db-2:5432/app', server, LIMITS, { log: write, warn: write });
});

afterEach(() => replica.close());

/** Waits for a condition that a check brings about. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
}

it('answers queries from the first good check on, without a word', async () => {
  expect(replica.isUp).toBe(false);

  replica.start('log');
  await until(() => replica.isUp);

  expect([replica.positions, lines]).toEqual([SOUND.positions, []]);
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
