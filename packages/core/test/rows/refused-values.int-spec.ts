import { Column, Entity, PrimaryColumn } from 'typeorm';
import { DomainEvent } from '../../src/index.js';
import { ReadModel } from '../../src/read-models/read-model.js';
import { RowRefusedError } from '../../src/read-models/row-refused.error.js';
import { DATABASE_KINDS, type DatabaseKind } from '../support/databases.js';
import { ProjectedTables } from './projected-tables.js';

@DomainEvent('rows.happened')
class Happened {
  declare readonly type: 'rows.happened';
}

/** Swaps yes and no on the way to the database and back. */
const opposite = { to: (value: unknown) => (typeof value === 'boolean' ? !value : value), from: (v: boolean) => !v };

@Entity('odd_values')
class Odd {
  @PrimaryColumn('integer')
  id: number;

  @Column({ type: Date, nullable: true })
  at: unknown;

  @Column('boolean', { nullable: true })
  isPaid: unknown;

  @Column({ type: Boolean, nullable: true })
  isSent: unknown;

  @Column('boolean', { nullable: true, transformer: opposite })
  isOpen: unknown;
}

const TABLE: Readonly<Record<DatabaseKind, string>> = {
  sqlite: 'id integer primary key not null, at datetime, "isPaid" boolean, "isSent" boolean, "isOpen" boolean',
  postgres: 'id integer primary key not null, at timestamptz, "isPaid" boolean, "isSent" boolean, "isOpen" boolean',
};

describe.each(DATABASE_KINDS)('values that a column could store as others, on %s', (kind) => {
  const odd = new ReadModel(Odd);
  let tables: ProjectedTables;

  beforeAll(async () => {
    tables = await ProjectedTables.open(kind, [Odd], [`create table odd_values (${TABLE[kind]})`], Happened);
  });

  afterAll(() => tables.close());

  const project = (work: () => Promise<void> | void): Promise<number> =>
    tables.project([tables.recorded(new Happened())], work);
  const save = (values: Partial<Odd>): Promise<unknown> =>
    project(() =>
      odd.save(Object.assign(new Odd(), { id: 1, at: null, isPaid: null, isSent: null, isOpen: null }, values)),
    );

  it.each<[Partial<Odd>, string]>([
    [{ at: new Date('+012024-01-01T00:00:00Z') }, 'Odd.at is not in the years 1 to 9999: +012024-01-01T00:00:00.000Z'],
    [{ at: new Date(8.64e15) }, 'Odd.at is not in the years 1 to 9999: +275760-09-13T00:00:00.000Z'],
    [{ at: new Date('-000001-01-01T00:00:00Z') }, 'Odd.at is not in the years 1 to 9999'],
    [{ at: new Date(Number.NaN) }, 'Odd.at is no moment: an invalid Date'],
    [{ at: 'soon' }, 'Odd.at is no moment'],
    [{ isPaid: 'yes' }, 'Odd.isPaid is neither true nor false: "yes"'],
    [{ isPaid: 2 }, 'Odd.isPaid is neither true nor false: 2'],
    [{ isSent: 'yes' }, 'Odd.isSent is neither true nor false: "yes"'],
    [{ isOpen: 'yes' }, 'Odd.isOpen is neither true nor false: "yes"'],
  ])('are refused: %j', async (values, message) => {
    const saved = save(values);
    await expect(saved).rejects.toThrow(message);
    await expect(saved).rejects.toMatchObject({ cause: expect.any(RowRefusedError) as unknown });
  });

  it.each<[Partial<Odd>, Partial<Odd>]>([
    [
      { isPaid: 1, isSent: 'true', isOpen: false },
      { isPaid: true, isSent: true, isOpen: false },
    ],
    [
      { isPaid: 't', isSent: 1, isOpen: true },
      { isPaid: true, isSent: true, isOpen: true },
    ],
    [
      { isPaid: 0, isSent: 'f', isOpen: null },
      { isPaid: false, isSent: false },
    ],
    [{ at: new Date('9999-12-31T23:59:59.999Z') }, { at: new Date('9999-12-31T23:59:59.999Z') }],
    [{ at: '2024-02-29T12:34:56.789Z' }, { at: new Date('2024-02-29T12:34:56.789Z') }],
  ])('are stored as what they mean: %j', async (values, expected) => {
    await save(values);
    const read: (Odd | undefined)[] = [];
    await project(async () => void read.push(await odd.get(1)));
    expect(read).toEqual([expect.objectContaining(expected)]);
    const [row] = await tables.views.write.dataSource.getRepository(Odd).find();
    expect(row).toMatchObject(expected);
  });
});
