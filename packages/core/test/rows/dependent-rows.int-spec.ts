import { Column, Entity, PrimaryColumn } from 'typeorm';
import { DomainEvent } from '../../src/index.js';
import { ReadModel } from '../../src/read-models/read-model.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { ProjectedTables } from './projected-tables.js';

@DomainEvent('owners.happened')
class Happened {
  declare readonly type: 'owners.happened';
  constructor(readonly what: string) {}
}

@Entity('owners')
class Owner {
  @PrimaryColumn('text')
  id: string;
}

@Entity('pets')
class Pet {
  @PrimaryColumn('text')
  id: string;

  @Column('text')
  owner: string;
}

describe.each(DATABASE_KINDS)('a row on which others depend, on %s', (kind) => {
  it('takes them with it when it is removed, also if it is saved again by the next event', async () => {
    const statements = [
      'create table owners (id text primary key not null)',
      'create table pets (id text primary key not null, owner text not null references owners (id) on delete cascade)',
    ];
    const tables = await ProjectedTables.open(kind, [Owner, Pet], statements, Happened);
    const [owners, pets] = [new ReadModel(Owner), new ReadModel(Pet)];
    const seen: unknown[] = [];
    const handle = async (event: object): Promise<void> => {
      const { what } = event as Happened;
      if (what === 'leave') owners.remove('ann');
      else owners.save({ id: 'ann' });
      if (what === 'adopt') pets.save({ id: 'rex', owner: 'ann' });
      if (what === 'return') seen.push(await pets.get('rex'));
    };
    const events = ['adopt', 'leave', 'return'].map((what) => tables.recorded({ what }));
    const [adopt, leave, back] = events;

    expect(await tables.project([adopt!], handle)).toBe(adopt!.position);
    expect(await tables.project([leave!, back!], handle)).toBe(leave!.position);
    expect(await tables.project([back!], handle)).toBe(back!.position);

    expect(seen).toEqual([undefined]);
    expect(await tables.rows('select id from owners')).toHaveLength(1);
    expect(await tables.rows('select id from pets')).toEqual([]);
    await tables.close();
  });
});
