import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HostTree } from '@angular-devkit/schematics';
import { SchematicTestRunner, UnitTestTree } from '@angular-devkit/schematics/testing/index.js';
import ts from 'typescript';
import { untilExit } from '../../../tools/generators/until-exit.js';

const PACKAGE = join(import.meta.dirname, '..');
const REPOSITORY = join(PACKAGE, '..', '..');

type Files = Readonly<Record<string, string>>;

/** One file of the kernel, which makes this an application of the old layout. Its text is not the released one. */
const KERNEL = { 'src/event-sourcing/events/tags.ts': 'export type Tag = string;\n' };
const MANIFEST = {
  name: 'shop',
  type: 'module',
  workspaces: ['schematics'],
  scripts: { start: 'node dist/main.js', fuzz: 'node tools/fuzz/run.mjs', 'docs:kernel': 'node mine.mjs' },
  dependencies: { '@nestjs/terminus': '^12.1.0', 'prom-client': '^15.1.3', typeorm: '^1.1.1' },
};

async function upgrade(files: Files) {
  const runner = new SchematicTestRunner('schematics', join(PACKAGE, 'collection.json'));
  const said: string[] = [];
  runner.logger.subscribe(({ message }) => said.push(message));
  const before = new UnitTestTree(new HostTree());
  for (const [path, text] of Object.entries({ 'package.json': JSON.stringify(MANIFEST), ...files })) {
    before.create(path, text);
  }
  const tree = await untilExit(() => runner.runSchematic('upgrade', {}, before));
  return {
    files: Object.fromEntries(tree.files.map((path) => [path.slice(1), tree.readText(path)])),
    said: said.join('\n'),
    tasks: runner.tasks.map(({ name }) => name),
  };
}

/** The expected text of a file, and the expected remarks. */
async function upgraded(path: string, text: string): Promise<{ text: string | undefined; said: string[] }> {
  const { files, said } = await upgrade({ ...KERNEL, [path]: text });
  return { text: files[path], said: said.split('\n').filter((line) => line.startsWith(`- ${path}`)) };
}

describe('nest upgrade', () => {
  it.each([
    [
      'by the name of its package',
      `import { AggregateRoot } from '../event-sourcing/index.js';\nimport { Problem } from '../platform/http/problems/problem.js';\n`,
      `import { AggregateRoot } from '@leftfold/core';\nimport { Problem } from '@leftfold/http';\n`,
    ],
    [
      'test helpers from the testing entry point of the package',
      `import { specOf } from '../event-sourcing/testing/aggregate-spec.js';\n`,
      `import { specOf } from '@leftfold/core/testing';\n`,
    ],
    [
      'under its new name, in the whole file',
      `import { withoutAddresses } from '../platform/logging/without-addresses.js';\n\nexport const plain = [withoutAddresses('a@b'), { withoutAddresses: 1 }];\n`,
      `import { withoutPersonalData } from '@leftfold/core';\n\nexport const plain = [withoutPersonalData('a@b'), { withoutAddresses: 1 }];\n`,
    ],
    [
      'under the name that the file gave it',
      `import { withoutAddresses as plain } from '../platform/logging/without-addresses.js';\n`,
      `import { withoutPersonalData as plain } from '@leftfold/core';\n`,
    ],
    [
      'from the file of the application that replaces it',
      `import { configureHttp } from '../platform/http/configure-http.js';\n\nawait configureHttp(app);\n`,
      `import { configureApp } from '../platform/http/configure-app.js';\n\nawait configureApp(app);\n`,
    ],
    [
      'as a type, where it was one',
      `import type { Tag } from '../event-sourcing/events/tags.js';\n`,
      `import type { Tag } from '@leftfold/core';\n`,
    ],
    [
      're-exports',
      `export { Problem } from '../platform/http/problems/problem.js';\n`,
      `export { Problem } from '@leftfold/http';\n`,
    ],
  ])('replaces the import of a name %s', async (_, before, after) => {
    await expect(upgraded('src/parcels/parcels.ts', before)).resolves.toEqual({ text: after, said: [] });
  });

  it('injects repositories of read models, because DataSources have names now', async () => {
    const before = `import { InjectRepository } from '@nestjs/typeorm';

export class GetParcelHandler {
  constructor(@InjectRepository(ParcelView) readonly parcels: Repository<ParcelView>) {}
}
`;
    const { text } = await upgraded('src/parcels/get-parcel.handler.ts', before);

    expect(text).toBe(
      before
        .replace(`{ InjectRepository } from '@nestjs/typeorm'`, `{ InjectReadModelRepository } from '@leftfold/core'`)
        .replace('@InjectRepository', '@InjectReadModelRepository'),
    );
  });

  it('takes the one event of a stored event, and completes contexts that tests made', async () => {
    const { text } = await upgraded(
      'src/parcels/parcels.ts',
      `import type { EventContext, EventSerializer } from '../event-sourcing/index.js';

const first = (serializer: EventSerializer) => serializer.fromRecorded<Parcel>(recorded);
const context: EventContext = { eventId: 'e', position: 7 };
`,
    );

    expect(text).toContain('serializer.eventsOf<Parcel>(recorded)[0];');
    expect(text).toContain("const context: EventContext = { eventId: 'e', position: 7, part: 0 };");
  });

  it('wires the root module and the command line', async () => {
    const { files } = await upgrade({
      ...KERNEL,
      'src/app.module.ts': `import { AuditModule } from './audit/audit.module.js';
import { EventSourcingModule } from './event-sourcing/index.js';
import { OperationsModule } from './operations/operations.module.js';
import { HttpModule } from './platform/http/http.module.js';

const events = 'sqlite:./events.sqlite';

@Module({
  imports: [EventSourcingModule.forRoot({ events, views: events }), HttpModule, AuditModule, OperationsModule],
})
export class AppModule {}
`,
      'src/leftfold.ts': `import { runCommandLine } from './platform/cli/run-command-line.js';

export const leftfold = (invocation) => runCommandLine(invocation, program, COMMANDS, async () => AppModule);
`,
    });

    const module = files['src/app.module.ts'];
    expect(module).toMatch(/EventSourcingModule\.forRoot\(\{\s+url: events,\s+viewsUrl: events,\s+tablePrefix: ''/);
    expect(module).toContain(`OperationsModule.forRootAsync({\n      access: RoleOperatorAccess,`);
    expect(module).toContain(`import { AppHttpModule } from './platform/http/app-http.module.js';`);
    expect(module).toMatch(/\n +AppHttpModule,\n +OperationsModule/);
    expect(module).not.toContain('AuditModule');
    expect(files['src/leftfold.ts']).toContain('loadModule: async () => AppModule,\n    async databases() {');
    expect(files['src/platform/auth/role-operator-access.ts']).toContain('extends OperatorAccess');
  });

  it.each([
    [
      'a name that no package exports',
      `import { EventRegistry } from '../event-sourcing/events/event-registry.js';\n`,
      ':1: EventRegistry of src/event-sourcing/events/event-registry.ts is in no package',
    ],
    [
      'everything under one name',
      `import * as kernel from '../event-sourcing/index.js';\n`,
      ':1: imports src/event-sourcing/index.ts as a whole',
    ],
    [
      'a dynamic import',
      `export const first = 1;\nexport const load = () => import('../event-sourcing/index.js');\n`,
      ':2: imports src/event-sourcing/index.ts',
    ],
    [
      'a DataSource without a name',
      `import { InjectDataSource } from '@nestjs/typeorm';\n\nexport class Rows {\n  constructor(@InjectDataSource() readonly source: unknown) {}\n}\n`,
      ':4: InjectDataSource injects the default DataSource',
    ],
    [
      'a part of OperationsModule outside a list of modules',
      `import { HealthModule } from '../platform/health/health.module.js';\n\nexport const parts = { HealthModule };\n`,
      ':1: HealthModule is a part of OperationsModule',
    ],
  ])('leaves %s as it is, and lists it', async (_, before, expected) => {
    const { text, said } = await upgraded('src/parcels/parcels.ts', before);

    expect(text?.trim()).toBe(before.trim());
    expect(said).toContainEqual(expect.stringContaining(`- src/parcels/parcels.ts${expected}`));
  });

  it('keeps kernel files that were changed or added, and lists them', async () => {
    const { files, said } = await upgrade({ ...KERNEL, 'src/event-sourcing/mine.ts': '// mine\n' });

    expect(files).toMatchObject({ ...KERNEL, 'src/event-sourcing/mine.ts': '// mine\n' });
    expect(said).toContain('- src/event-sourcing/events/tags.ts: you changed it');
    expect(said).toContain("- src/event-sourcing/mine.ts: it is not Leftfold's");
  });

  it('depends on the packages, and on their dependencies only where they are imported', async () => {
    const { files, tasks } = await upgrade({ ...KERNEL, 'src/gauge.ts': `import { Gauge } from "prom-client";\n` });
    const { dependencies, devDependencies, scripts, workspaces } = JSON.parse(files['package.json'] ?? '') as Record<
      string,
      Record<string, string> | undefined
    >;

    expect(Object.keys(dependencies ?? {})).toEqual([
      '@leftfold/core',
      '@leftfold/http',
      '@leftfold/operations',
      'prom-client',
      'typeorm',
    ]);
    expect(Object.keys(devDependencies ?? {})).toEqual(['@leftfold/schematics']);
    expect(scripts).toEqual({ start: 'node dist/main.js', 'docs:kernel': 'node mine.mjs' });
    expect(workspaces).toBeUndefined();
    expect(tasks).toEqual(['node-package']);
  });

  it('changes nothing the second time, and says the same', async () => {
    const first = await upgrade({
      ...KERNEL,
      'src/a.ts': `import { EventRegistry } from './event-sourcing/events/event-registry.js';\n`,
    });
    const second = await upgrade(first.files);

    expect(second.files).toEqual(first.files);
    expect(second.said).toBe(first.said);
    expect(second.tasks).toEqual([]);
  });

  it('changes nothing when the application has no kernel folder', async () => {
    const files = { 'src/app.module.ts': `import { AuditModule } from './audit/audit.module.js';\n` };
    const after = await upgrade(files);

    expect(after.files).toEqual({ 'package.json': JSON.stringify(MANIFEST), ...files });
    expect(after.said).toContain('npx nest upgrade -c @nestjs/schematics');
  });
});

it('maps only to names that the packages export', () => {
  const record = readFileSync(join(PACKAGE, 'upgrade', 'before-packages', 'exports.json'), 'utf8');
  const places = Object.entries(JSON.parse(record) as Record<string, Record<string, string>>).flatMap(([path, names]) =>
    Object.entries(names).map(([name, place]) => ({ path, name, place: place.split('#') })),
  );
  const ofPackages = places.filter(({ place: [from = ''] }) => from.startsWith('@leftfold/'));
  const wrong = ofPackages.filter(({ name, place: [from = '', newName = name] }) => !exportsOf(from).has(newName));

  expect(ofPackages.length).toBeGreaterThan(200);
  // Rename them in layout.json, under "moved", and run: node tools/upgrade/record.mjs 7b00c58
  expect(wrong).toEqual([]);
});

const known = new Map<string, Set<string>>();

function exportsOf(door: string): Set<string> {
  const found = known.get(door) ?? exportsIn(door);
  known.set(door, found);
  return found;
}

function exportsIn(door: string): Set<string> {
  const { config } = ts.readConfigFile(join(REPOSITORY, 'tsconfig.json'), (path) => readFileSync(path, 'utf8')) as {
    config: { compilerOptions: { paths: Record<string, [string]> } };
  };
  const [file = ''] = config.compilerOptions.paths[door] ?? [];
  const source = ts.createSourceFile(file, readFileSync(join(REPOSITORY, file), 'utf8'), ts.ScriptTarget.Latest, true);
  return new Set(
    source.statements
      .filter((each) => ts.isExportDeclaration(each))
      .flatMap(({ exportClause }) =>
        exportClause && ts.isNamedExports(exportClause) ? exportClause.elements.map(({ name }) => name.text) : [],
      ),
  );
}
