import { shadowTablesFor } from '../../src/read-models/rebuild/shadow-tables.js';
import { UnrebuildableTableError } from '../../src/read-models/rebuild/unrebuildable-table.error.js';
import { useCounterTables } from './counter-tables.js';
import { refusal, rolledBack } from './rolled-back.js';
import { schemaOf } from './schema-of.js';

describe('SQLite tables in a rebuild', () => {
  const shadows = shadowTablesFor('sqlite');
  const tables = useCounterTables('sqlite');

  it.each([
    [
      'users',
      'create table users (id integer primary key, users text unique)',
      'create index users_users on users (users)',
    ],
    ['users', `CREATE TABLE IF NOT EXISTS main."users"(id text primary key)`, 'create index main.[by id] on users(id)'],
    ['users', 'create table\n\t[users] (id, check (users.id > 0))', `create unique index 'by id' on [users] (id)`],
    ['users', 'create table `users`(id) strict'.replace('(id)', '(id int)'), 'create index`by``id`on`users`(id)'],
    ['Users', 'create table /* not "that" */ Users -- nor (this)\n (id)', 'create index by_id -- on x\n on users (id)'],
    [
      'order',
      'create table "order" ("create table" text, "order" int)',
      'create index "index on" on "order" ("order")',
    ],
    [
      'the "best" ones',
      'create table "the ""best"" ones" (id)',
      'create index "the ""by"" id" on "the ""best"" ones" (id)',
    ],
    ['naïve-ü', 'create table "naïve-ü" (id)', 'create index ïd on "naïve-ü" (id) where id is not null'],
    [
      'users',
      'create table users (id int, t text, primary key (id, t)) without rowid',
      'create index lo on users (lower(t))',
    ],
    ['users', 'create table users as select 1 as one', 'create index uniq on users (one collate nocase desc)'],
    ['users', 'create table users (id integer primary key autoincrement, t)', 'create index t on users (t)'],
  ])('keep their definition in three swaps, in any notation: %s: %s', (name, table, index) =>
    rolledBack(tables.write, async (manager) => {
      await manager.query(table);
      await manager.query(index);
      const before = await schemaOf(manager);
      expect(before.some((line) => line.startsWith(`table ${name} ${name}:`))).toBe(true);

      for (let round = 1; round <= 3; round += 1) {
        await shadows.create(manager, [name]);
        const made = await manager.query<unknown[]>(
          `select 1 from sqlite_schema where type = 'index' and tbl_name = ? and name like 'rebuild_%'`,
          [`rebuild_${name}`],
        );
        expect(made).toHaveLength(1);
        await shadows.swap(manager, [name]);
        expect((await schemaOf(manager)).map(unbracketed)).toEqual(before.map(unbracketed));
      }
    }),
  );

  it('continue the row numbers of the shadow', () =>
    rolledBack(tables.write, async (manager) => {
      await manager.query('create table users (id integer primary key autoincrement, name text)');
      await manager.query(`insert into users values (70, 'live')`);
      await shadows.create(manager, ['users']);
      await manager.query(`insert into rebuild_users values (30, 'gone')`);
      await manager.query('delete from rebuild_users');

      await shadows.swap(manager, ['users']);
      await manager.query(`insert into users (name) values ('next')`);

      expect(await manager.query('select * from users')).toEqual([{ id: 31, name: 'next' }]);
    }));

  it.each([
    ['create view sums as select sum(id) from [Users]', /the view "sums" names it.*Remove that/],
    ['create trigger t after insert on users begin select 1; end', /the trigger "t" names it/],
    ['create trigger t after insert on others begin delete from "users"; end', /the trigger "t" names it/],
    ['create table child (user_id int references Users (id))', /a foreign key ties "child" to "Users"/],
  ])('are refused when other objects depend on them: %s', (obstacle, message) =>
    rolledBack(tables.write, async (manager) => {
      await manager.query('create table users (id integer primary key)');
      await manager.query('create table others (id integer primary key)');
      await shadows.create(manager, ['users']);
      await manager.query(obstacle);
      const before = await schemaOf(manager);

      for (const method of ['swap', 'create'] as const) {
        const error = await refusal(manager, () => shadows[method](manager, ['users']));
        expect(error).toBeInstanceOf(UnrebuildableTableError);
        expect(error.message).toMatch(message);
      }
      expect(await schemaOf(manager)).toEqual(before);
    }),
  );

  it.each([
    ['create table users (id int references others (id))', /a foreign key ties "users" to "others"/],
    ['create table users (id integer primary key, boss int references users)', /ties "users" to "users"/],
    ['create virtual table users using fts5 (name)', /virtual table/],
  ])('are refused when they depend on other objects: %s', (table, message) =>
    rolledBack(tables.write, async (manager) => {
      await manager.query('create table others (id integer primary key)');
      await manager.query(table);

      const error = await refusal(manager, () => shadows.create(manager, ['users']));
      expect(error.message).toMatch(message);
    }),
  );

  it('are rebuilt next to unrelated views and triggers', () =>
    rolledBack(tables.write, async (manager) => {
      await manager.query('create table users (id integer primary key)');
      await manager.query('create table users_by_name (id integer primary key)');
      await manager.query('create view all_users as select * from users_by_name');
      await manager.query('create trigger users_t after insert on users_by_name begin select 1; end');
      const before = await schemaOf(manager);

      await shadows.create(manager, ['users']);
      await shadows.swap(manager, ['users']);

      expect(await schemaOf(manager)).toEqual(before);
    }));
});

/** A swap may also turn the brackets or backticks around the table's name into quotes. */
function unbracketed(line: string): string {
  return line.replaceAll(/["[\]`]/g, '');
}
