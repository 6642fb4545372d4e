import { type DependentWrite, inOneStatement } from './dependent-write.js';

const first = { sql: 'update checkpoints set position = ? where position = ?', parameters: [2, 1] };
const insert: DependentWrite = {
  sql: 'insert into rows select * from unnest(?) on conflict (id) do nothing',
  parameters: [['a']],
  condition: { at: 'insert into rows select * from unnest(?)'.length, word: 'where' },
};
const remove: DependentWrite = {
  sql: 'delete from rows where id = any(?)',
  parameters: [['b']],
  condition: { at: 'delete from rows where id = any(?)'.length, word: 'and' },
};

it('is one statement, in which each write depends on the first', () => {
  expect(inOneStatement(first, [remove, insert])).toEqual({
    sql:
      'with "first write" as (update checkpoints set position = ? where position = ? returning 1), ' +
      '"write 1" as (delete from rows where id = any(?) and exists (select 1 from "first write")), ' +
      '"write 2" as (insert into rows select * from unnest(?) where exists (select 1 from "first write") on conflict (id) do nothing) ' +
      'select count(*)::integer from "first write"',
    parameters: [2, 1, ['b'], ['a']],
  });
});

it('is none when a write takes no condition, or when each number of them would be a statement of its own', () => {
  const { condition: _, ...unconditional } = insert;
  expect(inOneStatement(first, [unconditional])).toBeUndefined();
  expect(
    inOneStatement(
      first,
      Array.from({ length: 5 }, () => insert),
    ),
  ).toBeUndefined();
  expect(inOneStatement(first, [])).toMatchObject({ parameters: [2, 1] });
});
