import {
  Column,
  type ColumnOptions,
  CreateDateColumn,
  DeleteDateColumn,
  Entity,
  Generated,
  Index,
  JoinColumn,
  ManyToMany,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  JoinTable,
  BeforeInsert,
  TableInheritance,
  UpdateDateColumn,
  VersionColumn,
  ChildEntity,
} from 'typeorm';
import { DomainEvent, SetupError } from '../../src/index.js';
import { readModelToken } from '../../src/read-models/read-model.js';
import type { RowClass } from '../../src/read-models/row.js';
import { DATABASE_KINDS, type DatabaseKind } from '../support/databases.js';
import { ProjectedTables } from './projected-tables.js';

@DomainEvent('rows.noted')
class Noted {
  declare readonly type: 'rows.noted';
}

/** An entity with a key and one property. */
function entity(decorate: PropertyDecorator, key: PropertyDecorator = PrimaryColumn('text')): RowClass {
  class Row {
    id: string;
    extra: string;
  }
  key(Row.prototype, 'id');
  decorate(Row.prototype, 'extra');
  Entity('rows')(Row);
  return Row;
}

const column = (options: ColumnOptions): RowClass => entity(Column(options));
const keyed = (options: ColumnOptions): RowClass => entity(Column('text'), PrimaryColumn(options as object));

@Entity('parents')
class Parent {
  @PrimaryColumn('text')
  id: string;
}

@Entity('rows')
class Child {
  @PrimaryColumn('text')
  id: string;

  @ManyToOne(() => Parent, { createForeignKeyConstraints: false })
  @JoinColumn({ name: 'extra' })
  parent: Parent;
}

@Entity('rows')
class Tagged {
  @PrimaryColumn('text')
  id: string;

  @ManyToMany(() => Parent)
  @JoinTable({ name: 'tags' })
  tags: Parent[];
}

@Entity('rows')
@TableInheritance({ column: { type: 'text', name: 'extra' } })
class Animal {
  @PrimaryColumn('text')
  id: string;
}

@ChildEntity()
class Cat extends Animal {}

@Entity('rows')
class Listening {
  @PrimaryColumn('text')
  id: string;

  @BeforeInsert()
  setUp(): void {
    this.id = 'x';
  }
}

class Part {
  @Column('text')
  name: string;

  @BeforeInsert()
  setUp(): void {
    this.name = 'x';
  }
}

@Entity('rows')
class OfAListeningPart {
  @PrimaryColumn('text')
  id: string;

  @Column(() => Part)
  part: Part;
}

@Entity({ name: 'rows', schema: 'other' })
class OfAnotherSchema {
  @PrimaryColumn('text')
  id: string;
}

@Entity('rows')
class Twin {
  @PrimaryColumn('text')
  id: string;
}

const TEXT = 'create table rows (id text primary key not null, extra text)';

const EVERYWHERE: [string, RowClass[], string, RegExp][] = [
  [
    'a generated key',
    [entity(Column('text'), PrimaryGeneratedColumn('uuid'))],
    TEXT,
    /Row\.id would be generated.*set it from the event/,
  ],
  [
    'a generated column',
    [entity((row, name) => (Column('text')(row, name), Generated('uuid')(row, name)))],
    TEXT,
    /Row\.extra would be generated/,
  ],
  ['a column that counts saves', [entity(VersionColumn())], TEXT, /Row\.extra would be counted by TypeORM/],
  ['a column with the time of the insert', [entity(CreateDateColumn())], TEXT, /Row\.extra would be set by the clock/],
  ['a column with the time of the update', [entity(UpdateDateColumn())], TEXT, /Row\.extra would be set by the clock/],
  [
    'a relation without a column of its own',
    [Child, Parent],
    TEXT,
    /Child\.parent.* Add @Column\(\{ name: "extra" \}\)/,
  ],
  ['a relation with a join table', [Tagged, Parent], TEXT, /Tagged has the relation tags with a join table/],
  ['an inheritance', [Animal, Cat], TEXT, /table inheritance/],
  ['a listener', [Listening], TEXT, /Listening has a listener, setUp/],
  ['a listener of an embedded class', [OfAListeningPart], TEXT, /OfAListeningPart has a listener, setUp/],
  ['a schema', [OfAnotherSchema], TEXT, /OfAnotherSchema names a schema/],
  ['two entities of one table', [entity(Column('text')), Twin], TEXT, /Row and Twin, have the table "rows"/],
  ['no table', [entity(Column('text'))], 'select 1', /Row has no table "rows"\. List the migration/],
  ['no column', [column({ type: 'text', name: 'elsewhere' })], TEXT, /Row\.extra has no column: .* named "elsewhere"/],
  [
    'another key',
    [entity(Column('text'))],
    'create table rows (id text, extra text primary key not null)',
    /none of these columns alone/,
  ],
  [
    'a column that the database computes',
    [entity(Column('text'))],
    'create table rows (id text primary key not null, extra text generated always as (id) stored)',
    /Row\.extra is computed by the database/,
  ],
];

const OF_ONE: Record<DatabaseKind, typeof EVERYWHERE> = {
  sqlite: [
    [
      'text in a numeric column',
      [column({ type: 'text' })],
      'create table rows (id text primary key not null, extra decimal)',
      /Row\.extra is a text in a column of the type decimal.* in @Column: text, integer, real, .* or blob\.$/,
    ],
    [
      'jsonb',
      [column({ type: 'jsonb' })],
      'create table rows (id text primary key not null, extra blob)',
      /Row\.extra is a jsonb/,
    ],
  ],
  postgres: [
    [
      'a type that has no stored form',
      [column({ type: 'interval' })],
      'create table rows (id text primary key, extra interval)',
      /in a column of the type interval.* in @Column: text, varchar, uuid, .*array of simple values\.$/,
    ],
    [
      'a key in a collation that considers different texts equal',
      [keyed({ type: 'text' })],
      `create collation nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
       create table rows (id text collate nocase primary key, extra text)`,
      /Row\.id is part of the primary key, and the type text can't be/,
    ],
    [
      'a key of json',
      [keyed({ type: 'jsonb' })],
      'create table rows (id jsonb primary key, extra text)',
      /Row\.id is part of the primary key/,
    ],
  ],
};

describe.each(DATABASE_KINDS)('a read model on %s whose rows could not be kept', (kind) => {
  it.each([...EVERYWHERE, ...OF_ONE[kind]])('is refused at start: %s', async (_, entities, sql, message) => {
    const opening = ProjectedTables.open(
      kind,
      entities,
      [...sql.split(';'), 'create table parents (id text primary key not null)'],
      Noted,
    );
    await expect(opening).rejects.toThrow(SetupError);
    await expect(opening).rejects.toThrow(message);
  });

  it('may have a relation with its column, a deletion date and an index', async () => {
    @Entity('rows')
    class Row {
      @PrimaryColumn('text')
      id: string;

      @Index()
      @Column('text', { name: 'parent_id', nullable: true })
      parentId: string | null;

      @ManyToOne(() => Parent, { createForeignKeyConstraints: false })
      @JoinColumn({ name: 'parent_id' })
      parent?: Parent;

      @DeleteDateColumn({ nullable: true })
      gone: Date | null;
    }
    const sql = `create table rows (id text primary key not null, parent_id text, gone ${kind === 'sqlite' ? 'datetime' : 'timestamptz'})`;
    const tables = await ProjectedTables.open(
      kind,
      [Row, Parent],
      [sql, 'create table parents (id text primary key not null)'],
      Noted,
    );
    const layout = tables.layouts.of(Row);
    const gone = new Date('2026-11-26T01:02:03.004Z');
    expect(layout.toRow(layout.toStored({ id: 'a', parentId: 'p', gone }))).toEqual({ id: 'a', parentId: 'p', gone });
    expect(() => layout.toStored({ id: 'a', parent: { id: 'p' } })).toThrow(/Row\.parent is a relation/);
    await tables.close();
  });
});

it('the token of a read model depends on its class, not on the class name', () => {
  const [one, other] = [entity(Column('text')), entity(Column('text'))];
  expect(one.name).toBe(other.name);
  expect(readModelToken(one)).not.toBe(readModelToken(other));
  expect(readModelToken(one)).toBe(readModelToken(one));
});
