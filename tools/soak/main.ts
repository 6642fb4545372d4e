/** The soak test: `npm run soak`. See docs/reliability.md. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startTestPostgres } from '../../packages/core/test/support/test-postgres.mjs';
import { seededRandom } from '../../packages/core/src/testing/random.js';
import { AppNode } from './app-node.js';
import { Asking } from './asking.js';
import { Checks } from './checks.js';
import { FAULTS, Faults, type FaultyServer } from './faults.js';
import { HELP, readOptions, type SoakOptions } from './options.js';
import { SoakRecord } from './record.js';
import { Shoppers } from './shoppers.js';
import { PERSONAL_DATA_KEY } from './run-leftfold.js';

/** In ms. */
const LEASE_TTL = 2_000;
const SHOPPERS = 8;
const CUSTOMERS = 6;
const OPERATOR = { email: 'operator@example.org', password: 'soak-operator-1' };
const DONE = [
  'orders',
  'payments',
  'cancellations',
  'registrations',
  'changes of a user name',
  'additions to stock',
  'commands acknowledged',
  'requests without an answer',
  'of these, stored before the answer was lost',
  'requests told to come back',
  'starts repeated',
  'events',
] as const;

let isInterrupted = false;

interface Server extends FaultyServer {
  readonly url: string;
  readonly database: pg.Pool;
  stop(): Promise<void>;
}

async function startServer(folder: string): Promise<Server> {
  const given = process.env.SOAK_DATABASE_URL;
  const embedded = given === undefined ? await startTestPostgres(folder) : undefined;
  const url = given ?? embedded!.url;
  const database = new pg.Pool({ connectionString: url, max: 3 });
  // Faults cut these connections, too. The next query takes another one.
  database.on('error', () => undefined);
  let stopping: Promise<void> | undefined;
  return {
    url,
    database,
    query: async (sql) => (await database.query(sql)).rows,
    crash: embedded && (() => embedded.restart('SIGQUIT', 500)),
    stop: () => (stopping ??= database.end().then(() => embedded?.stop())),
  };
}

async function soak(options: SoakOptions, folder: string, record: SoakRecord): Promise<void> {
  const random = seededRandom(options.seed);
  const server = await startServer(folder);
  const nodes = Array.from({ length: options.nodes }, (_, index) => {
    const name = `node-${index + 1}`;
    return new AppNode(name, join(folder, name), {
      DATABASE_URL: server.url,
      JWT_SECRET: 'only-for-the-soak-test-0123456789abcdef',
      PERSONAL_DATA_KEY,
      JWT_TTL: '24h',
      OPERATOR_EMAIL: OPERATOR.email,
      OPERATOR_PASSWORD: OPERATOR.password,
      RATE_LIMITS: 'off',
      LEASE_TTL: `${LEASE_TTL}ms`,
      ORDER_PAYMENT_WINDOW: '5s',
    });
  });
  // Ctrl+C reaches the nodes and PostgreSQL as well; another signal does not.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.removeAllListeners(signal);
    process.once(signal, () => {
      isInterrupted = true;
      console.log('Interrupted: nothing was checked.');
      for (const node of nodes) void node.kill();
      setTimeout(() => process.exit(130), 3_000).unref();
      void server.stop().finally(() => process.exit(130));
    });
  }
  try {
    // One after the other: the first one creates the tables and the operator.
    for (const node of nodes) await node.start();
    const asking = new Asking(nodes, random, record);
    const shoppers = new Shoppers(asking, random, record);
    const operator = await shoppers.open(OPERATOR, CUSTOMERS);
    const until = Date.now() + options.minutes * 60_000;
    const shopping = shoppers.run(SHOPPERS);
    const faults = new Faults(nodes, server, LEASE_TTL, random, record).run(until);
    const progress = setInterval(() => console.log(progressLine(record, until)), 10_000);
    try {
      await Promise.race([faults, shopping]);
      shoppers.stop();
      await Promise.all([faults, shopping]);
    } finally {
      clearInterval(progress);
    }
    console.log('The load has ended. Waiting until all work is done.');
    const checks = new Checks(server.database, asking, operator, record);
    await checks.becomeQuiet();
    await checks.compare(shoppers, shoppers.added);
    const readModels = await checks.readModels();
    await Promise.all(nodes.map((node) => node.stop()));
    console.log('Verifying the log, and comparing each read model with a rebuild.');
    await checks.verify(server.url, readModels);
  } finally {
    await Promise.all(nodes.map((node) => node.kill()));
    await server.stop();
  }
}

function progressLine(record: SoakRecord, until: number): string {
  const left = Math.max(0, Math.round((until - Date.now()) / 1_000));
  const faults = FAULTS.map((what) => `${record.of(what)} ${what}`).join(', ');
  return `${left} s left: ${record.of('commands acknowledged')} commands acknowledged; ${faults}`;
}

function report(options: SoakOptions, record: SoakRecord): string {
  const { minutes, nodes, seed } = options;
  const ends = [...record.counts.keys()].filter((what) => what.startsWith('orders ')).toSorted();
  return [
    `## ${minutes} minutes over ${nodes} nodes, seed ${seed}`,
    '',
    '| Faults and load | Number |',
    '| --- | ---: |',
    record.table([...FAULTS, ...DONE, ...ends]),
    '',
    record.findings.length === 0
      ? 'Nothing was lost, done twice, or wrong.'
      : `${record.findings.length} FINDINGS:\n${record.findings.map((each) => `- ${each}`).join('\n')}`,
  ].join('\n');
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    console.log(HELP);
    return 0;
  }
  const folder = await mkdtemp(join(tmpdir(), 'leftfold-soak-'));
  // PostgreSQL does not run as root; its user must be able to enter the folder.
  await chmod(folder, 0o755);
  const record = new SoakRecord();
  console.log(`Seed ${options.seed}. The nodes' files are in ${folder}.`);
  try {
    await soak(options, folder, record);
  } catch (error) {
    if (!isInterrupted) record.find((error as Error).message);
  }
  if (isInterrupted) return 130;
  console.log(`\n${report(options, record)}`);
  if (record.findings.length > 0) return 1;
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
