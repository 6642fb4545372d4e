import { numbered, plannedOnce } from './placeholders.js';

describe('placeholders', () => {
  const sql = 'select a from b where c = ? and d in (?, ?) order by a limit ?';

  it('are numbered for PostgreSQL', () => {
    expect(numbered(sql)).toBe('select a from b where c = $1 and d in ($2, $3) order by a limit $4');
  });

  it('hide their values from the planner of SQLite', () => {
    expect(plannedOnce(sql)).toBe('select a from b where c = +? and d in (+?, +?) order by a limit +?');
  });
});
