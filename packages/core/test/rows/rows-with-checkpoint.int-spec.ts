import { jest } from '@jest/globals';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { DomainEvent } from '../../src/index.js';
import { ReadModel } from '../../src/read-models/read-model.js';
import { HandlerFailure } from '../../src/subscriptions/runners/handler-failure.js';
import { LeaseLostError } from '../../src/subscriptions/states/lease.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { ProjectedTables } from './projected-tables.js';

@DomainEvent('rows.changed')
class Changed {
  declare readonly type: 'rows.changed';
  constructor(readonly change: string) {}
}

@Entity('plain')
class Plain {
  @PrimaryColumn('text')
  id: string;

  @Column('integer')
  size: number;
}

@Entity('named')
class Named {
  @PrimaryColumn('text')
  id: string;

  @Column('text')
  name: string;
}

const STATEMENTS = [
  'create table plain (id text primary key not null, size integer not null check (size < 10))',
  'create table named (id text primary key not null, name text not null unique)',
];

describe.each(DATABASE_KINDS)('rows and their checkpoint on %s', (kind) => {
  const plain = new ReadModel(Plain);
  const named = new ReadModel(Named);
  let tables: ProjectedTables;

  beforeAll(async () => {
    tables = await ProjectedTables.open(kind, [Plain, Named], STATEMENTS, Changed);
  });

  beforeEach(async () => {
    await batch(() => {
      for (const id of ['a', 'b']) save(id, 1);
    });
  });

  afterEach(() => jest.restoreAllMocks());

  afterAll(() => tables.close());

  it('are written in a transaction without waiting, which needs no session of its own', async () => {
    const transaction = jest.spyOn(tables.views.write, 'transaction');
    const before = await moves();
    await batch(() => {
      plain.remove('a');
      save('b', 2);
      save('c', 3);
    });
    await batch(() => undefined);
    expect(await rows()).toEqual(['b 2', 'c 3']);
    expect(await moves()).toBe(before + 2);
    expect(transaction).not.toHaveBeenCalled();
    await batch(() => plain.remove('c'));
  });

  it('are not written when the checkpoint may not move', async () => {
    const lost = batch(
      () => {
        plain.remove('a');
        save('b', 2);
        save('c', 3);
      },
      () => false,
    );
    await expect(lost).rejects.toBeInstanceOf(LeaseLostError);
    expect(await rows()).toEqual(['a 1', 'b 1']);
  });

  it('stay as they were when one row is refused', async () => {
    const before = await moves();
    const refused = batch(() => {
      plain.remove('a');
      save('b', 10);
    });
    await expect(refused).rejects.toBeInstanceOf(HandlerFailure);
    expect(await rows()).toEqual(['a 1', 'b 1']);
    expect(await moves()).toBe(before);
  });

  it('need a transaction of several statements where the order of rows may matter', async () => {
    const transaction = jest.spyOn(tables.views.write, 'transaction');
    await batch(() => named.save({ id: '1', name: 'x' }));
    expect(transaction).not.toHaveBeenCalled();
    await batch(() => {
      named.remove('1');
      named.save({ id: '2', name: 'x' });
    });
    expect(transaction).toHaveBeenCalledTimes(1);
    expect(await tables.rows('select id, name from named')).toEqual([{ id: '2', name: 'x' }]);
  });

  function batch(handle: () => void, mayMove = (): boolean => true): Promise<number> {
    const events = [tables.recorded(new Changed('any'))];
    return tables.project(events, async () => handle(), { advance: tables.advanceWhen(mayMove) });
  }

  function save(id: string, size: number): void {
    plain.save({ id, size });
  }

  async function rows(): Promise<string[]> {
    const found = await tables.rows<Plain>('select id, size from plain order by id');
    return found.map(({ id, size }) => `${id} ${size}`);
  }

  async function moves(): Promise<number> {
    return (await tables.rows<{ moves: number }>('select moves from checkpoint'))[0]!.moves;
  }
});
