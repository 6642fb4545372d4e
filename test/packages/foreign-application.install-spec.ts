/**
 * An existing application: made by the Nest CLI, on Express, with its own default DataSource, handlers of stock
 * `@nestjs/cqrs` and its own `nestjs-cls`. The packages are those that `npm publish` would upload. A feature is generated, filled
 * in, compiled and used over HTTP, as ES modules and as CommonJS, on both databases.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { AppProcess } from '../../packages/core/test/support/app-process.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { LONG_LIMIT_MS } from '../../packages/core/test/support/once-a-run.js';
import { connectionsTo } from '../../packages/core/test/support/side-connections.js';
import { type ModuleKind, NestApplication } from './nest-application.js';

const REPOSITORY = join(import.meta.dirname, '..', '..');
const SOURCES = join(import.meta.dirname, 'foreign-application');
const LIMIT_MS = LONG_LIMIT_MS + 240_000;
const PARCELS = 'src/parcels';
const GUIDE = 'docs/how-to/add-to-an-application.md';

/** Handwritten: generated routes are for Leftfold's own application. */
const CONTROLLER = `import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { randomUUID } from 'node:crypto';
import { SendParcelCommand } from './commands/send-parcel/send-parcel.command.js';
import { GetParcelQuery } from './queries/get-parcel/get-parcel.query.js';
import type { ParcelView } from './read-models/parcel-view/parcel-view.entity.js';

@Controller('parcels')
export class ParcelsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  send(@Body() { city }: Record<string, string>): Promise<{ parcelId: string }> {
    return this.commands.execute(new SendParcelCommand(randomUUID(), city ?? ''));
  }

  @Get(':parcelId')
  get(@Param('parcelId') parcelId: string): Promise<ParcelView> {
    return this.queries.execute(new GetParcelQuery(parcelId));
  }
}
`;

describe.each<[string, ModuleKind]>([
  ['ES modules', 'esm'],
  ['CommonJS', 'cjs'],
])('an application of its own, as %s', (_, kind) => {
  let shop: NestApplication;
  const said: Record<string, string> = {};
  /** The arguments of `nest g -c @leftfold/schematics`. */
  const ran: string[] = [];

  beforeAll(async () => {
    shop = await NestApplication.make(kind, SOURCES);
    await shop.edit('src/main.ts', [
      'await app.listen(process.env.PORT ?? 3000);',
      "await app.listen(process.env.PORT ?? 3000, '127.0.0.1');\n  console.log(await app.getUrl());",
    ]);
    said.added = await shop.nest('add', '@leftfold/core', '--skip-install');
    await generateParcels();
    await shop.compile();
  }, LIMIT_MS);

  async function generateParcels(): Promise<void> {
    const generate = (line: string) => {
      ran.push(line);
      return shop.generate(line);
    };
    said.feature = await shop.nest('g', '-c', '@leftfold/schematics', 'feature', 'parcels');
    ran.push('feature parcels');
    await generate('aggregate parcels/parcel');
    said.event = await generate('event parcels/parcel-sent');
    await shop.edit(`${PARCELS}/events/parcel-sent.event.ts`, [
      'constructor(readonly parcelId: string) {}',
      'constructor(readonly parcelId: string, readonly city: string) {}',
    ]);
    await shop.edit(`${PARCELS}/testing/parcel.fixtures.ts`, [
      'new ParcelSent(PARCEL_ID)',
      "new ParcelSent(PARCEL_ID, 'Bern')",
    ]);
    await shop.edit(`${PARCELS}/domain/parcel.aggregate.ts`, [
      'default:',
      "case 'parcels.parcel-sent':\n        return;\n      default:",
    ]);
    await generate('command parcels/send-parcel');
    const view = await generate('read-model parcels/parcel-view');
    await shop.edit(`${PARCELS}/read-models/parcel-view/parcel-view.entity.ts`, [
      '/** Version of the stream. */',
      "@Column({ type: 'text' })\n  city: string;\n\n  /** Version of the stream. */",
    ]);
    await shop.edit(`${PARCELS}/read-models/parcel-view/evolve-parcel-view.ts`, [
      'return row;',
      'return Object.assign(row, { city: event.city });',
    ]);
    await shop.edit(/\S+\/migrations\/views\/\S+\.ts/.exec(view)?.[0] ?? '', [
      'version integer',
      'city text not null, version integer',
    ]);
    await generate('query parcels/get-parcel');
    await shop.write(`${PARCELS}/parcels.controller.ts`, CONTROLLER);
    await shop.edit(
      `${PARCELS}/parcels.module.ts`,
      [
        "import { Module } from '@nestjs/common';",
        "import { Module } from '@nestjs/common';\nimport { ParcelsController } from './parcels.controller.js';",
      ],
      ['providers:', 'controllers: [ParcelsController],\n  providers:'],
    );
    await addTheFilter();
  }

  /** As the guide shows it. */
  async function addTheFilter(): Promise<void> {
    const guide = await readFile(join(REPOSITORY, GUIDE), 'utf8');
    const [, filter = ''] = /```ts\n((?:(?!```)[^])*class RefusalFilter[^]*?)```/.exec(guide) ?? [];
    const [registered = ''] = /^providers: .*RefusalFilter.*$/m.exec(guide) ?? [];
    await shop.write('src/refusal.filter.ts', filter);
    await shop.edit(
      'src/app.module.ts',
      [
        "import { Module } from '@nestjs/common';",
        "import { Module } from '@nestjs/common';\nimport { APP_FILTER } from '@nestjs/core';\nimport { RefusalFilter } from './refusal.filter.js';",
      ],
      ['@Module({', `@Module({\n  ${registered}`],
    );
  }

  it('is told what was changed, and what to do next', async () => {
    expect(said.added).toContain('UPDATE src/app.module.ts');
    expect(said.added).toContain('src/notes/notes.module.ts imports CqrsModule no more');
    expect(said.added).toContain('npx nest g -c @leftfold/schematics feature <name>');
    expect(said.feature).toContain('CREATE src/parcels/parcels.module.ts');
    expect(said.feature).toContain('npx nest g -c @leftfold/schematics aggregate parcels/parcel');
    expect(said.event).toContain('`npx tsc --noEmit` shows that ParcelSent is missing');
    await expect(shop.read('src/app.module.ts')).resolves.toContain('eventsInMemory: true');
    await expect(shop.read('.gitignore')).resolves.toBe('data/\n');
  });

  it.each(['README.md', GUIDE])('compiles as %s', async (page) => {
    const text = await readFile(join(REPOSITORY, page), 'utf8');

    expect(text).toContain('npx nest add @leftfold/core\n');
    expect([...text.matchAll(/^npx nest g -c @leftfold\/schematics (.+)$/gm)].map(([, line]) => line)).toEqual(ran);
  });

  it('needs no change when the packages are added again', async () => {
    await expect(shop.schematic('@leftfold/core:nest-add', '--skip-install')).resolves.toContain('Nothing to be done.');
  });

  it.each(DATABASE_KINDS)(
    'stores its feature beside its own tables on %s, and its own code works as before',
    async (databaseKind) => {
      const database = await createTestDatabase(databaseKind);
      const app = await AppProcess.start({
        script: join(shop.folder, 'dist', 'main.js'),
        cwd: database.folder,
        env: environmentOf(database),
        limitMs: 60_000,
      });
      try {
        await usesItsOwn(app.url);
        await usesTheFeature(app.url);
        await expect(tablesOf(database)).resolves.toEqual(
          expect.arrayContaining(['leftfold_events', 'notes', 'parcel_view']),
        );
        expect(await app.stop()).toEqual({ code: null, signal: 'SIGTERM' });
        expect(app.errorLines).toEqual([]);
      } finally {
        await app.kill();
        await database.drop();
      }
    },
    120_000,
  );
});

/** In one database: on SQLite the two share a file. */
function environmentOf({ kind, url }: TestDatabase): Record<string, string> {
  return kind === 'sqlite' ? {} : { EVENTS_URL: url, NOTES_URL: url };
}

/** The application's own handlers, repository, in-memory events, saga and context. */
async function usesItsOwn(url: string): Promise<void> {
  const written = await post(`${url}/notes`, { id: 'n1', text: 'buy string' }, { 'x-tenant': 'acme' });
  expect(written).toEqual({ status: 201, body: { id: 'n1' } });
  await eventually(async () =>
    expect((await get(`${url}/notes`)).body).toEqual({
      notes: [{ id: 'n1', text: 'buy string' }],
      heard: ['n1 is filed', 'n1 of acme'],
    }),
  );
}

async function usesTheFeature(url: string): Promise<void> {
  const sent = await post(`${url}/parcels`, { city: 'Bern' });
  expect(sent).toEqual({ status: 201, body: { parcelId: expect.any(String) } });
  const { parcelId } = sent.body as { parcelId: string };
  expect(await get(`${url}/parcels/none`)).toEqual({
    status: 404,
    body: { statusCode: 404, code: 'parcel-not-found', message: 'There is no parcel none.' },
  });
  await eventually(async () =>
    expect(await get(`${url}/parcels/${parcelId}`)).toEqual({
      status: 200,
      body: { parcelId, city: 'Bern', version: 1 },
    }),
  );
}

async function tablesOf({ kind, url, folder }: TestDatabase): Promise<string[]> {
  if (kind === 'postgres') {
    const { rows } = await connectionsTo(url).query<{ name: string }>(
      "select table_name as name from information_schema.tables where table_schema = 'public'",
    );
    return rows.map(({ name }) => name);
  }
  const files = ['events.sqlite', 'views.sqlite'].map(
    (file) => new Database(join(folder, 'data', file), { readonly: true }),
  );
  try {
    return files.flatMap((file) =>
      file.prepare<[], string>("select name from sqlite_schema where type = 'table'").pluck().all(),
    );
  } finally {
    for (const file of files) file.close();
  }
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function post(url: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const answer = await fetch(url, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });
  return { status: answer.status, body: await answer.json() };
}

async function get(url: string): Promise<Answer> {
  const answer = await fetch(url);
  return { status: answer.status, body: await answer.json() };
}
