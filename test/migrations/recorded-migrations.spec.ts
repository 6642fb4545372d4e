import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { complaint, hashed, hashedMigrations, type Hashes } from '../../tools/migrations/sent-sql.mjs';

const here = import.meta.dirname;
const recorded = JSON.parse(readFileSync(join(here, 'recorded.json'), 'utf8')) as Record<string, Hashes>;

class AddWeights1790000000000 implements MigrationInterface {
  constructor(
    private readonly type = 'integer',
    private readonly undo = 'drop column weight',
  ) {}

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table parcels add column weight ${this.type}`);
    if (runner.dataSource.options.type === 'postgres') await runner.query('analyze parcels');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table parcels ${this.undo}`);
  }
}

const NAME = AddWeights1790000000000.name;

describe('the SQL of migrations', () => {
  it('is the recorded one, for every migration of the packages and the application', async () => {
    const migrations = await hashedMigrations(join(here, '..', '..'));

    expect(migrations.map((each) => complaint(each, recorded)).filter((each) => each !== undefined)).toEqual([]);
    expect(migrations.map(({ name }) => name)).toEqual(Object.keys(recorded));
    expect(migrations.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'CreateEventLog1750000000000',
        'CreateOrderView1750000810000',
        'CreateTaskView1790000000000',
      ]),
    );
  });

  it.each([
    ['up', new AddWeights1790000000000('bigint')],
    ['down', new AddWeights1790000000000('integer', 'rename column weight to old_weight')],
  ])('must not change once it is recorded: %s', async (direction, changed) => {
    const { hashes } = await hashed(NAME, new AddWeights1790000000000());

    expect(complaint(await hashed(NAME, new AddWeights1790000000000()), { [NAME]: hashes })).toBeUndefined();
    expect(complaint(await hashed(NAME, changed), { [NAME]: hashes })).toMatch(
      new RegExp(
        `^The ${direction} of ${NAME} sends other SQL to sqlite and postgres .*may not change.*write a new migration\\.$`,
      ),
    );
  });

  it('is recorded with the migration', async () => {
    expect(complaint(await hashed(NAME, new AddWeights1790000000000()), {})).toMatch(/npm run migrations:record$/);
  });

  it('is everything that a migration does', async () => {
    const byObjects = { up: (runner: QueryRunner) => runner.dropTable('parcels'), down: async () => undefined };

    await expect(hashed(NAME, byObjects as MigrationInterface)).rejects.toThrow(/runner\.dropTable. Write SQL text/);
  });
});
