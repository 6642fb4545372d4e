import { Column, Entity, PrimaryColumn } from 'typeorm';
import { DomainEvent } from '../../src/index.js';
import { ReadModel } from '../../src/read-models/read-model.js';
import { ProjectedTables } from './projected-tables.js';

@DomainEvent('rows.happened')
class Happened {
  declare readonly type: 'rows.happened';
}

@Entity('moments')
class Moment {
  @PrimaryColumn('timestamptz')
  at: Date;

  @Column('timestamp')
  clock: Date;

  @Column('date')
  day: string;
}

const STATEMENTS = ['create table moments (at timestamptz primary key, clock timestamp not null, day date not null)'];
const ZONES = ['UTC', 'America/New_York', 'Asia/Kolkata', 'Africa/Cairo'];
const MOMENTS = [
  '0050-06-07T08:09:10.011Z',
  '0999-01-01T00:00:00.000Z',
  '1883-11-18T16:59:59.999Z',
  '2024-03-10T07:00:00.000Z',
  '2024-11-03T05:30:00.000Z',
  '9999-12-30T00:00:00.000Z',
];

describe('moments of a read model on postgres', () => {
  const moments = new ReadModel(Moment);
  const zone = process.env.TZ;
  let tables: ProjectedTables;

  const project = (work: () => Promise<void> | void): Promise<number> =>
    tables.project([tables.recorded(new Happened())], work);

  beforeAll(async () => {
    tables = await ProjectedTables.open('postgres', [Moment], STATEMENTS, Happened);
  });

  afterEach(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });

  afterAll(() => tables.close());

  it.each(ZONES)('are equal in a batch, after it, and in the database, in the zone %s', async (name) => {
    process.env.TZ = name;
    await tables.views.write.statement('delete from moments', []);
    const rows = MOMENTS.map((text) => ({ at: new Date(text), clock: new Date(text), day: text.slice(0, 10) }));
    const readAll = async (): Promise<void> =>
      expect(await Promise.all(rows.map(({ at }) => moments.get(at)))).toEqual(rows);
    await project(async () => {
      rows.forEach((row) => moments.save(row));
      await readAll();
    });
    await project(readAll);
    const stored = await tables.rows<{ at: string }>(
      `select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at from moments order by moments.at`,
    );
    expect(stored.map(({ at }) => at)).toEqual(MOMENTS);
  });

  it('are refused when the local year does not fit the column', async () => {
    process.env.TZ = 'America/New_York';
    const first = new Date('0001-01-01T00:00:00.000Z');
    await expect(project(() => moments.save({ at: first, clock: first, day: '0001-01-01' }))).rejects.toThrow(
      'Moment.clock is not in the years 1 to 9999',
    );
  });
});
