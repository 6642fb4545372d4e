import { BreakingStatements } from './breaking-statements.js';

const find = (...statements: readonly string[]) => {
  const breaking = new BreakingStatements();
  return statements.map((sql) => breaking.find(sql)).find((each) => each !== undefined);
};

it.each([
  ['drop table parcels', 'drops the table parcels'],
  ['DROP TABLE IF EXISTS "public"."Parcels" CASCADE', 'drops the table parcels'],
  ['drop function leftfold_append', 'drops the function leftfold_append'],
  ['drop view parcels_readable; create view parcels_readable as select 1', 'drops the view parcels_readable'],
  ['alter table parcels rename to packets', 'renames parcels'],
  ['alter table parcels rename column weight to mass', 'renames weight of parcels'],
  ['alter table parcels rename weight to mass', 'renames weight of parcels'],
  ['alter table parcels drop column weight', 'drops the column weight of parcels'],
  ['alter table only parcels drop if exists weight', 'drops the column weight of parcels'],
  ['alter table parcels add a text, drop b', 'drops the column b of parcels'],
  ['alter table parcels alter weight type numeric(3, 1)', 'changes the type of weight of parcels'],
  ['alter table parcels alter column weight set data type bigint', 'changes the type of weight of parcels'],
  ['alter table parcels alter column weight set not null', 'requires weight of parcels'],
  ['alter table parcels alter column weight drop default', 'takes the default from weight of parcels'],
  ['alter table parcels add weight integer not null', 'adds the required column weight to parcels'],
  [
    `alter table parcels
       add column note text default 'a, not null',
       add column weight integer not null`,
    'adds the required column weight to parcels',
  ],
  ['alter table parcels add constraint light check (weight < 9)', 'adds the constraint light to parcels'],
  ['alter table parcels add unique (weight)', 'adds a constraint to parcels'],
  ['create unique index parcels_weight on parcels (weight)', 'adds a unique index to parcels'],
  ['create table packets (id text); drop table parcels', 'drops the table parcels'],
])('finds what breaks the version before: %s', (sql, what) => {
  expect(find(sql)).toBe(what);
});

it.each([
  'create table parcels (id text primary key not null, weight integer not null)',
  'create index parcels_weight on parcels (weight)',
  'alter table parcels add column weight integer',
  'alter table parcels add column weight integer not null default 0',
  'alter table parcels add column size integer generated always as (1) stored not null',
  'alter table parcels alter column weight drop not null',
  'alter table parcels drop constraint light',
  'alter table parcels rename constraint light to lighter',
  'alter index parcels_weight rename to parcels_mass',
  'drop index parcels_weight',
  `insert into notes values ('x; drop table parcels')`,
  '-- drop table parcels\nselect 1',
  'create or replace function f() returns trigger language plpgsql as $$ begin drop table parcels; end $$',
])('lets pass what the version before survives: %s', (sql) => {
  expect(find(sql)).toBeUndefined();
});

it('lets migrations change what they made', () => {
  expect(
    find(
      'create table parcels_new (id text)',
      'alter table parcels_new add weight integer not null',
      'create unique index one on parcels_new (id)',
      'drop table parcels_new',
    ),
  ).toBeUndefined();
});
