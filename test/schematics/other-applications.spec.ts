import { ProjectInMemory, step } from '../../tools/generators/generate.js';

const APP_MODULE = "import { Module } from '@nestjs/common';\n\n@Module({ imports: [] })\nexport class AppModule {}\n";

/** A root module as `nest add --module` leaves it. */
const IMPORTING_MODULE = `import { EventSourcingModule } from '@leftfold/core';
import { Module } from '@nestjs/common';

@Module({ imports: [EventSourcingModule.forRoot({ url: 'sqlite:./data/events.sqlite' })] })
export class AdminModule {}
`;

/** A feature that an application had before it used Leftfold. */
const NOTES_MODULE = `import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Note } from './note.entity';

@Module({ imports: [TypeOrmModule.forFeature([Note])] })
export class NotesModule {}
`;

function application(manifest: object, files: Readonly<Record<string, string>> = {}): ProjectInMemory {
  return ProjectInMemory.of({ 'package.json': JSON.stringify(manifest), 'src/app.module.ts': APP_MODULE, ...files });
}

describe('in an application that is not this one, a generator', () => {
  it.each([
    ['CommonJS', {}, ''],
    ['ES modules', { type: 'module' }, '.js'],
  ])('imports files as %s does, and each once', async (_, manifest, ending) => {
    const project = application(manifest);
    const lines = ['feature returns', 'aggregate returns/return', 'event returns/return-requested'];
    for (const line of [...lines, 'event returns/return-approved', 'command returns/request-return']) {
      await project.generate(step(line));
    }

    const specifiers = Object.values(project.files).flatMap((text) =>
      [...text.matchAll(/from '(\.[^']+)'/g)].map(([, specifier = '']) => specifier),
    );
    expect(specifiers.length).toBeGreaterThan(10);
    expect(specifiers.filter((each) => each.endsWith('.js') !== (ending === '.js'))).toEqual([]);
    expect(project.read('src/returns/returns.module.ts')).toContain(`'./domain/return.aggregate${ending}'`);
    expect(project.read('src/returns/domain/return.aggregate.spec.ts')).toContain(
      `import { aRequestedReturn, RETURN_ID } from '../testing/return.fixtures${ending}';`,
    );
  });

  it('writes into the project of a workspace that the Nest CLI names', async () => {
    const project = ProjectInMemory.of({
      'package.json': '{}',
      'apps/shop/src/app.module.ts': APP_MODULE,
      'apps/admin/src/admin.module.ts': IMPORTING_MODULE,
    });
    const inAdmin = { sourceRoot: 'apps/admin/src', project: 'admin' };
    const lines = ['feature returns', 'aggregate returns/return', 'event returns/return-requested'];
    for (const line of [...lines, 'command returns/request-return', 'read-model returns/return-view'])
      await project.generate(step(line, inAdmin));
    await project.generate(step('query returns/get-return', inAdmin));

    const elsewhere = Object.keys(project.files).filter((path) => !path.startsWith('apps/admin/src/'));
    expect(elsewhere.toSorted()).toEqual(['apps/shop/src/app.module.ts', 'package.json']);
    expect(project.read('apps/shop/src/app.module.ts')).toBe(APP_MODULE);
    expect(project.read('apps/admin/src/admin.module.ts')).toContain("from './returns/returns.module'");
    expect(project.read('apps/admin/src/returns/returns.module.ts')).toContain(
      "from './queries/get-return/get-return.handler'",
    );
    await expect(project.generate(step('aggregate returns/return', inAdmin))).rejects.toThrow(
      'returns has the aggregate return already: apps/admin/src/returns/domain/return.aggregate.ts. Choose another name.',
    );
    await expect(
      project.generate(step('aggregate parcels/parcel', { sourceRoot: 'apps/shop/src', project: 'shop' })),
    ).rejects.toThrow(
      'There is no feature parcels. There is none yet. To add one, run: npx nest g -c @leftfold/schematics -p shop feature parcels',
    );
  });

  it('registers in the root module that imports Leftfold when it has another name', async () => {
    const project = ProjectInMemory.of({ 'package.json': '{}', 'src/main/shop.module.ts': IMPORTING_MODULE });
    await project.generate(step('feature returns'));

    expect(project.read('src/main/shop.module.ts')).toContain("from '../returns/returns.module'");
    await expect(ProjectInMemory.of({ 'package.json': '{}' }).generate(step('feature returns'))).rejects.toThrow(
      'There is no src/app.module.ts, and no module that calls EventSourcingModule.forRoot.',
    );
  });

  it('registers beside other modules’ forFeature', async () => {
    const project = application({}, { 'src/notes/notes.module.ts': NOTES_MODULE });
    await project.generate(step('aggregate notes/pad'));

    const text = project.read('src/notes/notes.module.ts');
    expect(text).toContain('TypeOrmModule.forFeature([Note])');
    expect(text).toMatch(/EventSourcingModule\.forFeature\(\{\s*aggregates: \[Pad\],?\s*\}\)/);
  });

  it('refuses a class whose name the module already imports', async () => {
    const project = application({}, { 'src/notes/notes.module.ts': NOTES_MODULE });

    await expect(project.generate(step('aggregate notes/note'))).rejects.toThrow(
      "src/notes/notes.module.ts imports another Note, from './note.entity'. Choose another name.",
    );
  });

  it.each([
    ['with -c, unless nest-cli.json names them', {}, 'Give a name: npx nest g -c @leftfold/schematics command orders/'],
    [
      'without, when it does',
      { 'nest-cli.json': '{ "collection": "@leftfold/schematics" }' },
      'Give a name: npx nest g command orders/',
    ],
  ])('names the generators %s', async (_, files, expected) => {
    await expect(application({}, files).generate(step('command'))).rejects.toThrow(expected);
  });

  it('refuses routes, which use roles of the application', async () => {
    const project = application({});
    await project.generate(step('feature returns'));
    await project.generate(step('aggregate returns/return'));

    await expect(project.generate(step('command returns/request-return', { path: '--route' }))).rejects.toThrow(
      'There is no src/platform/auth/roles.decorator.ts',
    );
  });
});
