import { shadowTablesFor } from '../../src/read-models/rebuild/shadow-tables.js';
import { UnrebuildableTableError } from '../../src/read-models/rebuild/unrebuildable-table.error.js';
import { useCounterTables } from './counter-tables.js';
import { refusal, rolledBack } from './rolled-back.js';

describe('PostgreSQL tables', () => {
  const shadows = shadowTablesFor('postgres');
  const tables = useCounterTables('postgres');

  it.each([
    ['create view sums as select id from users', /the view sums reads it\. Remove that/],
    ['create materialized view sums as select id from users', /the view sums reads it/],
    [
      'create function f() returns setof users language sql as $$ select * from users $$',
      /function f\(\) depends on it/,
    ],
    ['create table kept (was users[])', /column was of table kept depends on it/],
    ['create table child (id int references users)', /foreign key child_id_fkey ties child to users/],
    ['alter table users add boss int references users', /ties users to users/],
    ['alter table users add other int references others', /ties users to others/],
    [
      'create trigger t before update on users for each row execute function suppress_redundant_updates_trigger()',
      /trigger t/,
    ],
    ['create rule r as on delete to users do nothing', /the rule r/],
    ['create table child () inherits (users)', /child inherits from it/],
    ['alter table users inherit others', /inherits from others/],
    ['create publication p for table users', /publication p has it/],
    ['alter table users enable row level security', /row security/],
    ['create policy p on users', /row security/],
    ['alter table users replica identity full', /replica identity/],
    ['grant select (id) on users to public', /its column id alone/],
    ['alter table users alter id set statistics 500', /its column id has settings/],
    ['alter table users alter id set (n_distinct = 5)', /its column id has settings/],
    ['create type pair as (a int); create table typed of pair', /composite type/, 'typed'],
    ['create table parts (id int) partition by range (id)', /no ordinary table/, 'parts'],
    ['create view seen as select 1', /no ordinary table/, 'seen'],
  ])('are refused when a swap would lose a property: %s', (obstacle, message, table = 'users') =>
    rolledBack(tables.write, async (manager) => {
      await manager.query('create table users (id int primary key check (id > 0))');
      await manager.query('create table others (id int primary key)');
      if (table === 'users') await shadows.create(manager, [table]);
      await manager.query(obstacle);

      const refused = await refusal(manager, () => shadows.create(manager, [table]));
      expect(refused).toBeInstanceOf(UnrebuildableTableError);
      expect(refused.message).toMatch(message);
      if (table !== 'users') return;
      expect((await refusal(manager, () => shadows.swap(manager, [table]))).message).toMatch(message);
    }),
  );

  it('are refused when a constraint has not been validated', () =>
    rolledBack(tables.write, async (manager) => {
      await manager.query('create table users (id int)');
      await manager.query('alter table users add constraint late check (id < 10) not valid');

      const error = await refusal(manager, () => shadows.create(manager, ['users']));

      expect(error.message).toMatch(/a copy of it lacks its constraint late/);
    }));

  it.each([
    ['n'.repeat(56), `rebuild_${'n'.repeat(55)}`],
    ['ü'.repeat(28), `rebuild_${'ü'.repeat(27)}`],
  ])(
    "are refused when the shadow's name would be truncated, and the table with the short name stays: %s",
    (long, cut) =>
      rolledBack(tables.write, async (manager) => {
        await manager.query(`create table ${long} (id int)`);
        await manager.query(`create table ${cut} (id int)`);

        const error = await refusal(manager, () => shadows.create(manager, [long]));
        await shadows.drop(manager, [long]);

        expect(error.message).toMatch(/longer than 55 bytes.*shorter name/);
        expect(await shadows.exist(manager, [long])).toBe(false);
        expect(await manager.query(`select id from ${cut}`)).toEqual([]);
      }),
  );
});
