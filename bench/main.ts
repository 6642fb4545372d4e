import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, ENGINES } from './contract.js';
import { type Arguments, readArguments } from './harness/arguments.js';
import { ContestantProcesses } from './harness/contestant-processes.js';
import { BenchDatabases } from './harness/databases.js';
import { Interruption } from './harness/interruption.js';
import { commitOf, describeMachine, type Machine } from './harness/machine.js';
import { installPeers, peersOn } from './harness/peers.js';
import { PostgresServer } from './harness/postgres-server.js';
import { progress } from './harness/progress.js';
import { markdown } from './harness/report.js';
import { Results } from './harness/results.js';
import { Rounds } from './harness/rounds.js';
import { seededRandom } from './harness/statistics.js';
import { TRIALS } from './workloads/guarantees.js';
import { chosen } from './workloads/workloads.js';

const args = argumentsOrExit();
const workloads = chosen(args.only, args.quick);
const engines = ENGINES.filter((engine) => args.engines.includes(engine));
if (workloads.length === 0 || engines.length === 0) {
  console.error('No workload or no engine has this name. See --help.');
  process.exit(2);
}

const { say, clear } = progress();
const peers = args.peers ? peersOn(engines) : [];
installPeers(peers, say);
const folder = await mkdtemp(join(args.folder ?? tmpdir(), 'leftfold-bench-'));
// Root runs PostgreSQL as another user.
await chmod(folder, 0o711);
const results = new Results();
const processes = new ContestantProcesses(args.quick);
const interruption = new Interruption();
const postgres = engines.includes('postgres')
  ? await PostgresServer.start(join(folder, 'postgres'), { isQuick: args.quick })
  : undefined;
const plan = {
  engines,
  rounds: args.rounds,
  isQuick: args.quick,
  growth: args.growth,
  against: args.against,
  available: new Set([...(args.quick ? [] : ['each', 'bare', ...TRIALS]), 'batched', 'leftfold', 'crud', ...peers]),
  random: seededRandom(args.seed),
};
const databases = new BenchDatabases(folder, postgres);
const rounds = new Rounds(plan, databases, results, say, (job, checkout) => processes.run(job, checkout));
try {
  const machine = describeMachine((await postgres?.version()) ?? 'not used');
  interruption.whenItComes(() => {
    rounds.stop();
    processes.kill();
  });
  // A figure needs the machine for itself. A check of the results does not.
  if (args.quick) await Promise.all(engines.map((engine) => runAll([engine], machine)));
  else await runAll(engines, machine);
  clear();
  console.log(markdown(results, machine, args.rounds));
  if (args.quick) console.log('With --quick all amounts are small: a check of the results, and no figures.');
  if (args.against !== undefined) console.log(`The other checkout is at ${commitOf(args.against)}.`);
  console.log(`\n${figuresOf(machine)}`);
} finally {
  await processes.end();
  await rounds.dropFilled();
  await postgres?.close();
  await rm(folder, { recursive: true, force: true });
}
if (rounds.isStopped) console.error('Interrupted: the table has what was measured before.');
for (const sentence of results.wrong) console.error(sentence);
process.exitCode = results.wrong.length > 0 ? 1 : interruption.exitCode;

async function runAll(among: readonly Engine[], machine: Machine): Promise<void> {
  for (const [index, workload] of workloads.entries()) {
    await rounds.run(workload, among);
    await writeFigures(machine);
    if (rounds.isStopped) return;
    if (workload.data?.name !== workloads[index + 1]?.data?.name) await rounds.dropFilled(among);
  }
}

/** After each workload, so that an interrupted run leaves what it has. */
async function writeFigures(machine: Machine): Promise<void> {
  if (args.json !== undefined) await writeFile(args.json, `${figuresOf(machine)}\n`);
}

function figuresOf(machine: Machine): string {
  const figures = results.series.map((series) => ({
    workload: series.row.key,
    engine: series.engine,
    contestant: series.contestant,
    unit: series.row.unit,
    ...results.summary(series),
    rounds: series.figures,
    wrong: series.wrong,
  }));
  return JSON.stringify({ machine, rounds: args.rounds, seed: args.seed, figures, wrong: results.wrong });
}

function argumentsOrExit(): Arguments {
  try {
    return readArguments(process.argv.slice(2));
  } catch (error) {
    console.error((error as Error).message);
    return process.exit(2);
  }
}
