import { join } from 'node:path';
import { HostTree } from '@angular-devkit/schematics';
import { SchematicTestRunner, UnitTestTree } from '@angular-devkit/schematics/testing/index.js';
import ts from 'typescript';
import { untilExit } from '../../../tools/generators/until-exit.js';

const COLLECTION = join(import.meta.dirname, '..', 'schematics', 'collection.json');

const MANIFEST = {
  name: 'shop',
  dependencies: {
    '@leftfold/core': 'file:core.tgz',
    '@nestjs/common': '^12.0.1',
    '@nestjs/core': '^12.0.1',
    rxjs: '^7.8.1',
  },
  devDependencies: { typescript: '^6.0.2' },
};

/** As `nest new` creates it. */
const APP_MODULE = `import { Module } from '@nestjs/common';
import { AppController } from './app.controller.js';

@Module({
  imports: [],
  controllers: [AppController],
})
export class AppModule {}
`;

const WITH_CQRS = `import { Module } from '@nestjs/common';
import { CqrsModule, EventsHandler } from '@nestjs/cqrs';

@EventsHandler(String)
class Listener {}

@Module({
  imports: [CqrsModule],
  providers: [Listener],
  exports: [CqrsModule],
})
export class NotesModule {}
`;

type Files = Readonly<Record<string, string>>;
type Options = Readonly<Record<string, unknown>>;

async function nestAdd(files: Files, options: Options = {}) {
  const runner = new SchematicTestRunner('core', COLLECTION);
  const said: string[] = [];
  runner.logger.subscribe(({ message }) => said.push(message));
  const before = new UnitTestTree(new HostTree());
  for (const [path, text] of Object.entries({ 'package.json': JSON.stringify(MANIFEST, null, 2), ...files })) {
    before.create(path, text);
  }
  const tree = await untilExit(() => runner.runSchematic('nest-add', { ...options }, before));
  const after = Object.fromEntries(tree.files.map((path) => [path.slice(1), tree.readText(path)]));
  return { files: after, said: said.join('\n'), tasks: runner.tasks.map(({ name }) => name) };
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly overrides?: unknown;
}

const manifestIn = (files: Files) => JSON.parse(files['package.json'] ?? '') as Manifest;

function expectToParse(text: string | undefined): void {
  const { diagnostics = [] } = ts.transpileModule(text ?? '', { reportDiagnostics: true });
  expect(diagnostics.map(({ messageText }) => messageText)).toEqual([]);
}

describe('nest add @leftfold/core', () => {
  it('imports the module, adds and installs the packages, and adds the data to .gitignore', async () => {
    const { files, said, tasks } = await nestAdd({ 'src/app.module.ts': APP_MODULE, '.gitignore': 'dist' });

    expect(files['src/app.module.ts']).toBe(`import { EventSourcingModule } from '@leftfold/core';
import { Module } from '@nestjs/common';
import { AppController } from './app.controller.js';

@Module({
  imports: [
    EventSourcingModule.forRoot({
      url: process.env.EVENTS_URL ?? 'sqlite:./data/events.sqlite',
    }),
  ],
  controllers: [AppController],
})
export class AppModule {}
`);
    const { dependencies, devDependencies, overrides } = manifestIn(files);
    expect(dependencies).toEqual({
      ...MANIFEST.dependencies,
      '@nestjs/cqrs': '^12.0.0',
      '@nestjs/typeorm': '^12.0.0',
      'better-sqlite3': '^13.0.0',
      'nestjs-cls': '^7.0.0',
      'reflect-metadata': '^0.2.0',
      typeorm: '^1.0.0',
    });
    expect(devDependencies).toEqual({ '@leftfold/schematics': expect.stringMatching(/^\^\d/), typescript: '^6.0.2' });
    expect(overrides).toEqual({ typeorm: { 'better-sqlite3': '$better-sqlite3' } });
    expect(files['.gitignore']).toBe('dist\ndata/\n');
    expect(tasks).toEqual(['node-package']);
    expect(said).toContain('npx nest g -c @leftfold/schematics feature <name>');
  });

  it('adds the driver of the requested database', async () => {
    const { files } = await nestAdd({ 'src/app.module.ts': APP_MODULE }, { database: 'postgres' });

    expect(files['src/app.module.ts']).toContain(`?? 'postgres://`);
    expect(manifestIn(files).dependencies).toMatchObject({ pg: '^8.0.0' });
    expect(manifestIn(files).dependencies).not.toHaveProperty('better-sqlite3');
    expect(files).not.toHaveProperty('.gitignore');
  });

  it('removes CqrsModule from imports and exports, and turns on eventsInMemory', async () => {
    const { files, said } = await nestAdd({
      'src/app.module.ts': APP_MODULE.replace('imports: []', 'imports: [CqrsModule.forRoot(), NotesModule]').replace(
        'import { AppController',
        "import { CqrsModule } from '@nestjs/cqrs';\nimport { AppController",
      ),
      'src/notes/notes.module.ts': WITH_CQRS,
      'src/notes/notes.spec.ts': WITH_CQRS,
    });

    expect(files['src/app.module.ts']).toBe(`import { EventSourcingModule } from '@leftfold/core';
import { Module } from '@nestjs/common';
import { AppController } from './app.controller.js';

@Module({
  imports: [
    NotesModule,
    EventSourcingModule.forRoot({
      url: process.env.EVENTS_URL ?? 'sqlite:./data/events.sqlite',
      // Events that are no domain events stay with the event bus, as before.
      eventsInMemory: true,
    }),
  ],
  controllers: [AppController],
})
export class AppModule {}
`);
    expect(files['src/notes/notes.module.ts']).toBe(`import { Module } from '@nestjs/common';
import { EventsHandler } from '@nestjs/cqrs';

@EventsHandler(String)
class Listener {}

@Module({
  providers: [Listener],
})
export class NotesModule {}
`);
    expect(files['src/notes/notes.spec.ts']).toBe(WITH_CQRS);
    expect(said).toContain('src/notes/notes.module.ts imports CqrsModule no more');
  });

  it.each([
    ['no options', '@Module({})'],
    ['no imports', '@Module({ providers: [] })'],
    ['one line', '@Module({ imports: [A, B] })'],
    ['several lines and comments', '@Module({\n  imports: [\n    A, // first\n    B // last\n  ],\n})'],
    ['CqrsModule alone', '@Module({ imports: [CqrsModule] })'],
    ['CqrsModule between others', '@Module({\n  imports: [\n    A,\n    CqrsModule,\n    B,\n  ],\n})'],
    ['CqrsModule last', '@Module({ imports: [A, CqrsModule,], exports: [CqrsModule, A] })'],
  ])('keeps the contents of a root module with %s', async (_, decorator) => {
    const text = `import { CqrsModule } from '@nestjs/cqrs';\n${decorator}\nexport class AppModule {}\n`;
    const { files } = await nestAdd({ 'src/app.module.ts': text });
    const changed = files['src/app.module.ts'];

    expectToParse(changed);
    expect(changed).toContain('EventSourcingModule.forRoot({');
    expect(changed).not.toContain('CqrsModule');
    const kept = ['A', 'B', '// first', '// last', 'providers'].filter((part) => decorator.includes(part));
    expect(kept.filter((part) => !changed?.includes(part))).toEqual([]);
  });

  it.each([{}, { database: 'postgres' }])('changes nothing when it runs a second time, with %j', async (options) => {
    const first = await nestAdd({ 'src/app.module.ts': APP_MODULE, 'src/notes.module.ts': WITH_CQRS }, options);
    const second = await nestAdd(first.files, options);

    expect(second.files).toEqual(first.files);
    expect(second.tasks).toEqual([]);
  });

  it('keeps existing versions, drivers and .gitignore entries', async () => {
    const dependencies = { ...MANIFEST.dependencies, 'better-sqlite3': '^12.4.0', '@nestjs/cqrs': 'latest' };
    const { files } = await nestAdd({
      'src/app.module.ts': APP_MODULE,
      'package.json': JSON.stringify({ ...MANIFEST, dependencies }, null, 4),
      '.gitignore': '/data\n',
    });

    expect(manifestIn(files).dependencies).toMatchObject(dependencies);
    expect(manifestIn(files)).not.toHaveProperty('overrides');
    expect(files['package.json']).toContain('\n    "name"');
    expect(files['.gitignore']).toBe('/data\n');
  });

  it.each([
    ['as `nest new` writes it', '  const app = await NestFactory.create(AppModule);', '  app.enableShutdownHooks();'],
    [
      'over several lines, with another name',
      'const server =\n  await NestFactory.create<NestFastifyApplication>(\n    AppModule, new FastifyAdapter());',
      'server.enableShutdownHooks();',
    ],
    ['without HTTP', 'const app = await NestFactory.createApplicationContext(AppModule)', 'app.enableShutdownHooks();'],
    [
      'with the hooks in a comment only',
      '// no enableShutdownHooks\nconst app = await NestFactory.create(A);',
      'app.enableShutdownHooks();',
    ],
  ])('enables shutdown hooks in main.ts, where the application is made %s', async (_, made, added) => {
    const files = { 'src/app.module.ts': APP_MODULE, 'src/main.ts': `${made}\nawait last();\n` };
    const { files: after, said } = await nestAdd(files);

    expect(after['src/main.ts']).toBe(`${made}\n${added}\nawait last();\n`);
    expect(said).toContain('src/main.ts calls app.enableShutdownHooks() now');
    expect((await nestAdd(after)).files['src/main.ts']).toBe(after['src/main.ts']);
  });

  it('says where shutdown hooks are missing when it does not see how the application is made', async () => {
    const main = 'bootstrap(AppModule);\n';
    const { files, said } = await nestAdd({ 'src/app.module.ts': APP_MODULE, 'src/main.ts': main });

    expect(files['src/main.ts']).toBe(main);
    expect(said).toContain('call app.enableShutdownHooks() where the application is made (not found in src/main.ts)');
  });

  it('skips the installation on request, and finds a root module elsewhere', async () => {
    const { files, tasks } = await nestAdd(
      { 'apps/shop/src/root.module.ts': APP_MODULE },
      { skipInstall: true, sourceRoot: 'apps/shop/src', module: 'root.module.ts' },
    );

    expect(tasks).toEqual([]);
    expect(files['apps/shop/src/root.module.ts']).toContain('EventSourcingModule.forRoot');
  });

  const withCqrs = (use: string) => ({
    'src/app.module.ts': APP_MODULE,
    'src/notes.module.ts': `import { CqrsModule } from '@nestjs/cqrs';\n${use}\n`,
  });

  it.each<[string, Files, string]>([
    ['there is no root module', {}, 'There is no src/app.module.ts. Name the file of the root module'],
    [
      'the root module has no decorator',
      { 'src/app.module.ts': 'export class AppModule {}' },
      'has no class with @Module',
    ],
    [
      'its imports are made elsewhere',
      { 'src/app.module.ts': '@Module({ imports: ALL })\nclass AppModule {}' },
      'Write them as one',
    ],
    [
      'a package is too old',
      {
        'src/app.module.ts': APP_MODULE,
        'package.json': JSON.stringify({ dependencies: { typeorm: '^0.3.20' } }),
      },
      'package.json asks for typeorm ^0.3.20, and @leftfold/core needs ^1.0.0. Update it first, for example with: npm install typeorm@"^1.0.0"',
    ],
    [
      'CqrsModule has options',
      withCqrs('@Module({ imports: [CqrsModule.forRoot({ rethrowUnhandled: true })] })\nclass N {}'),
      'src/notes.module.ts gives CqrsModule options',
    ],
    ['CqrsModule is used in another way', withCqrs('export const ALL = [CqrsModule];'), 'Take it out by hand'],
  ])('refuses with a readable error when %s', async (_, files, sentence) => {
    await expect(nestAdd(files)).rejects.toThrow(sentence);
  });
});
