import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { AppProcess, killLeftovers } from '../../packages/core/test/support/app-process.js';
import { createTestDatabase } from '../support/databases.js';
import { packedPackages } from '../support/packed-packages.js';
import { MadeApplication } from './made-application.js';

const STEP_TIMEOUT_MS = 250_000;
const PARCEL = 'src/parcels/domain/parcel.aggregate.ts';
const PASSWORD = 'correct horse battery';

beforeAll(async () => {
  await packedPackages();
}, STEP_TIMEOUT_MS);

afterEach(() => killLeftovers());

describe('npm create leftfold my-shop', () => {
  let app: MadeApplication;

  beforeAll(async () => {
    app = await MadeApplication.make();
  }, STEP_TIMEOUT_MS);

  it('prints what to do next', () => expect(app.told).toContain('Next:\n\n  cd my-shop\n  npm install\n  npm start\n'));

  it(
    'compiles, and the compiler would find an error',
    async () => {
      await expect(app.npm('typecheck')).resolves.not.toContain('error TS');

      const file = join(app.folder, 'src', 'tasks', 'cursors.ts');
      const text = await readFile(file, 'utf8');
      await writeFile(file, `${text}\nexport const wrong: number = 'text';\n`);
      await expect(app.npm('typecheck')).rejects.toThrow('src/tasks/cursors.ts(7,14): error TS2322');
      await writeFile(file, text);
    },
    STEP_TIMEOUT_MS,
  );

  it(
    'passes its own tests: rules and rows without a database, routes with one',
    async () => {
      await expect(app.npm('test')).resolves.toMatch(/^Tests: +11 passed, 11 total$/m);
      await expect(app.npm('test:e2e')).resolves.toMatch(/^Tests: +3 passed, 3 total$/m);
    },
    STEP_TIMEOUT_MS,
  );

  it(
    'takes a feature that is generated: it compiles, and its tests pass',
    async () => {
      await generateParcels(app);
      for (const line of [
        'command parcels/send-parcel',
        'read-model parcels/parcel-view',
        'query parcels/get-parcel',
      ]) {
        await app.generate(line);
      }

      await expect(app.npm('typecheck')).resolves.not.toContain('error TS');
      const passed = await app.npm('test', ['src/parcels/']);
      expect(passed).toMatch(/^PASS src\/parcels\/queries\/get-parcel\/get-parcel\.handler\.spec\.ts/m);
      expect(passed).toMatch(/^Tests: +5 passed, 5 total$/m);
    },
    STEP_TIMEOUT_MS,
  );

  it(
    'is built, starts, answers, and ends when it is told to',
    async () => {
      await app.npm('build');
      const served = await AppProcess.start({ script: await app.program(), cwd: app.folder });

      const { status, body } = await post<{ taskId: string }>(`${served.url}/tasks`, { title: 'Water the plants' });
      expect(status).toBe(201);
      const found = await fetch(`${served.url}/tasks/${body.taskId}`, { headers: { 'leftfold-min-position': '1' } });
      expect(await found.json()).toMatchObject({ title: 'Water the plants', completedAt: null, version: 1 });
      expect((await fetch(`${served.url}/docs-json`)).status).toBe(200);

      // The generated feature is wired in: its table is there.
      const views = new Database(join(app.folder, 'data', 'views.sqlite'), { readonly: true });
      expect(views.prepare('select * from parcel_view').all()).toEqual([]);
      views.close();

      await served.stop();
      expect(served.errorLines).toEqual([]);
    },
    STEP_TIMEOUT_MS,
  );
});

describe('npm create leftfold my-shop -- --database postgres', () => {
  let app: MadeApplication;

  beforeAll(async () => {
    app = await MadeApplication.make('--database', 'postgres');
  }, STEP_TIMEOUT_MS);

  it(
    'passes its own tests on the database of the environment, and says so when there is none',
    async () => {
      await app.npm('typecheck');
      const database = await createTestDatabase('postgres');
      try {
        const passed = await app.npm('test:e2e', [], { TEST_DATABASE_URL: database.url });
        expect(passed).toMatch(/^Tests: +3 passed, 3 total$/m);
      } finally {
        await database.drop();
      }
      await expect(app.npm('test:e2e')).rejects.toThrow('TEST_DATABASE_URL is not set. Copy .env.example to .env');
    },
    STEP_TIMEOUT_MS,
  );
});

describe('npm create leftfold my-shop -- --example shop', () => {
  let app: MadeApplication;

  beforeAll(async () => {
    app = await MadeApplication.make('--example', 'shop');
  }, STEP_TIMEOUT_MS);

  it(
    'passes the tests of its features',
    async () => {
      await app.npm('typecheck');
      const passed = await app.npm('test', ['src/orders/', 'src/users/credentials/']);
      expect(passed).toMatch(/^PASS src\/orders\/domain\/order\.aggregate\.spec\.ts/m);
      // Needs `jest` as a global, which ES modules don't have.
      expect(passed).toMatch(/^PASS src\/users\/credentials\/credential-sweep\.spec\.ts/m);
    },
    STEP_TIMEOUT_MS,
  );

  it(
    'is built with a feature and a route that were generated, starts, registers people and sells to them',
    async () => {
      await generateParcels(app);
      await app.generate('command parcels/send-parcel route');
      // Beside its own: what the READMEs of the packages show.
      const programs = [
        { script: await app.writeProgramOf('@leftfold/http', 'readme-of-http'), path: '/docs-json' },
        { script: await app.writeProgramOf('@leftfold/operations', 'readme-of-operations'), path: '/health/ready' },
      ];
      await app.npm('build');
      for (const { script, path } of programs) await expectToServe(script, path);
      const served = await AppProcess.start({
        script: await app.program(),
        cwd: app.folder,
        env: { OPERATOR_EMAIL: 'ada@example.com', OPERATOR_PASSWORD: PASSWORD },
      });
      const { url } = served;
      const signIn = async (email: string): Promise<Record<string, string>> => {
        const { body } = await post<{ accessToken: string }>(`${url}/sessions`, { email, password: PASSWORD });
        return { authorization: `Bearer ${body.accessToken}` };
      };

      const ann = { username: 'ann', email: 'ann@example.com', password: PASSWORD };
      expect(await post(`${url}/users`, ann)).toMatchObject({ status: 201 });
      const mug = { sku: 'MUG-BLUE', name: 'Blue mug', unitPrice: { amount: 1250, currency: 'EUR' }, stock: 10 };
      expect(await post(`${url}/products`, mug, await signIn('ada@example.com'))).toMatchObject({ status: 201 });
      const order = { lines: [{ sku: 'MUG-BLUE', quantity: 2 }] };
      expect(await post(`${url}/orders`, order, await signIn(ann.email))).toMatchObject({ status: 201 });

      await served.stop();
      const { stdout } = await AppProcess.run({
        script: join(app.folder, 'bin', 'leftfold.mjs'),
        args: ['log', 'stats', '--json'],
        cwd: app.folder,
      });
      expect(stdout).toContain('orders.order-placed');
    },
    STEP_TIMEOUT_MS,
  );
});

async function generateParcels(app: MadeApplication): Promise<void> {
  for (const line of ['feature parcels', 'aggregate parcels/parcel', 'event parcels/parcel-sent']) {
    await app.generate(line);
  }
  // The compiler asks for it.
  await app.edit(PARCEL, 'default:', "case 'parcels.parcel-sent':\n        return;\n      default:");
}

async function expectToServe(script: string, path: string): Promise<void> {
  const served = await AppProcess.start({ script });
  expect((await fetch(`${served.url}${path}`)).status).toBe(200);
  await served.stop();
  expect(served.errorLines).toEqual([]);
}

async function post<T>(
  url: string,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; body: T }> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as T };
}
