import type { Workload } from '../workloads/workload.js';
import type { BenchDatabases } from './databases.js';
import type { Job, Outcome } from './job.js';
import { Results } from './results.js';
import { type Plan, Rounds } from './rounds.js';
import { seededRandom } from './statistics.js';

const WORKLOAD: Workload = {
  id: 'W1',
  contestants: ['batched', 'leftfold'],
  rows: [{ key: 'W1', title: 'append', unit: 'appends/s', limit: { contestant: 'batched' }, goal: 0.8 }],
  run: () => Promise.reject(new Error('Only in the process of a contestant.')),
};

const DATABASES = {
  create: async () => ({ engine: 'sqlite', folder: '', url: '' }),
  drop: async () => undefined,
} as Partial<BenchDatabases> as BenchDatabases;

const PLAN: Plan = {
  engines: ['sqlite'],
  rounds: 3,
  isQuick: true,
  against: undefined,
  available: new Set(['batched', 'leftfold']),
  random: seededRandom(1),
};

async function run(outcomes: Readonly<Record<string, readonly Outcome[]>>, against?: string) {
  const jobs: Job[] = [];
  const results = new Results();
  const rounds = new Rounds(
    { ...PLAN, against },
    DATABASES,
    results,
    () => undefined,
    async (job, checkout) => {
      jobs.push(job);
      const name = checkout === undefined ? job.contestant : 'against';
      const turn = jobs.filter(({ contestant }) => contestant === job.contestant).length - 1;
      return outcomes[name]![turn % outcomes[name]!.length]!;
    },
  );
  await rounds.run(WORKLOAD);
  return { jobs, results };
}

const rate = (value: number): Outcome => ({ figures: { W1: { value } } });

it('gives every contestant a turn in each round', async () => {
  const { jobs } = await run({ batched: [rate(1)], leftfold: [rate(1)] });

  const rounds = [0, 2, 4].map((first) => jobs.slice(first, first + 2).map(({ contestant }) => contestant));
  for (const round of rounds) expect(round.toSorted()).toEqual(['batched', 'leftfold']);
});

it('compares with the limit within each round', async () => {
  const { results } = await run({
    batched: [rate(100), rate(1_000), rate(10)],
    leftfold: [rate(90), rate(500), rate(8)],
  });

  const leftfold = results.series.find(({ contestant }) => contestant === 'leftfold')!;
  expect(results.summary(leftfold)).toMatchObject({ median: 90, lowest: 8, highest: 500, ratio: 0.8, isReached: true });
});

it('says that a goal is not reached', async () => {
  const { results } = await run({ batched: [rate(100)], leftfold: [rate(79)] });

  const leftfold = results.series.find(({ contestant }) => contestant === 'leftfold')!;
  expect(results.summary(leftfold)).toMatchObject({ ratio: 0.79, isReached: false });
});

it('shows a wrong result, and measures its contestant in the next round', async () => {
  const wrong = { wrong: '9 of 10 events were read' };
  const { results } = await run({ batched: [rate(10)], leftfold: [rate(8), wrong, rate(9)] });

  expect(results.wrong).toEqual(['WRONG RESULT, W1 on sqlite, round 2 of 3: leftfold: 9 of 10 events were read']);
  const leftfold = results.series.find(({ contestant }) => contestant === 'leftfold')!;
  expect(leftfold.wrong).toEqual([1]);
  expect(results.summary(leftfold)).toMatchObject({ median: 8.5, lowest: 8, highest: 9 });
});

it('has a row for a contestant that was never right', async () => {
  const { results } = await run({ batched: [rate(10)], leftfold: [{ wrong: '9 of 10 events were read' }] });

  const leftfold = results.series.find(({ contestant }) => contestant === 'leftfold')!;
  expect(leftfold.wrong).toEqual([0, 1, 2]);
  expect(results.summary(leftfold)).toMatchObject({ median: undefined, ratio: undefined, isReached: false });
});

it('does not measure a contestant again that could not be measured, and goes on with the others', async () => {
  const { jobs, results } = await run({ batched: [rate(10)], leftfold: [{ error: 'its process ended with 1' }] });

  expect(results.wrong).toEqual([
    expect.stringMatching(/^FAILED, W1 on sqlite.*: leftfold: its process ended with 1$/),
  ]);
  const times = (name: string) => jobs.filter(({ contestant }) => contestant === name).length;
  expect([times('leftfold'), times('batched')]).toEqual([1, 3]);
});

it('counts what was measured before it was stopped, and begins nothing after that', async () => {
  const jobs: Job[] = [];
  const results = new Results();
  const rounds: Rounds = new Rounds(
    PLAN,
    DATABASES,
    results,
    () => undefined,
    async (job) => {
      jobs.push(job);
      if (jobs.length < 3) return rate(10);
      // Its process is killed, and ends with an error.
      rounds.stop();
      return { error: 'its process ended with SIGKILL' };
    },
  );

  await rounds.run(WORKLOAD);

  expect(jobs).toHaveLength(3);
  expect(results.series.flatMap(({ figures }) => figures)).toEqual([{ value: 10 }, { value: 10 }]);
  expect(results.wrong).toEqual([]);
});

it('lets the other checkout take part', async () => {
  const { results } = await run({ batched: [rate(10)], leftfold: [rate(5)], against: [rate(20)] }, '/elsewhere');

  const against = results.series.find(({ contestant }) => contestant === 'against')!;
  expect(results.summary(against)).toMatchObject({ median: 20, ratio: 2 });
});
