import { Column, Entity, PrimaryColumn } from 'typeorm';
import { DomainEvent, ReadModel } from '../../src/index.js';
import { OwnRows } from '../../src/read-models/own-rows.js';
import { ProjectedTables } from './projected-tables.js';

@DomainEvent('rows.listed')
class Listed {
  declare readonly type: 'rows.listed';
}

@Entity('lines')
class Line {
  @PrimaryColumn({ name: 'list_id', type: 'text' })
  listId: string;

  @PrimaryColumn({ type: 'integer' })
  place: number;

  @Column({ type: 'text' })
  text: string;
}

// What a partitioned projection may use does not depend on the database.
describe('a partitioned projection', () => {
  let tables: ProjectedTables;
  const lines = new ReadModel(Line);
  const line = (listId: string, place: number): Line => Object.assign(new Line(), { listId, place, text: 'line' });

  beforeAll(async () => {
    tables = await ProjectedTables.open(
      'sqlite',
      [Line],
      [
        'create table lines (list_id text not null, place integer not null, text text not null, primary key (list_id, place))',
      ],
      Listed,
    );
  });

  afterAll(() => tables.close());

  const project = (streams: readonly string[], handle: () => void | Promise<void>) =>
    tables.project(
      streams.map((stream) => tables.recorded({}, stream)),
      async () => handle(),
      { ownRows: new OwnRows('lists.lines') },
    );

  it('uses the rows whose key begins with the id of the stream', async () => {
    await project(['list-a-1'], async () => {
      lines.save(line('a-1', 1));
      lines.save(line('a-1', 2));
      lines.remove({ listId: 'a-1', place: 1 });
      expect(await lines.get({ listId: 'a-1', place: 2 })).toMatchObject({ text: 'line' });
    });
  });

  it.each<[string, () => unknown]>([
    ['saves', () => lines.save(line('b', 1))],
    ['removes', () => lines.remove({ listId: 'b', place: 1 })],
    ['reads', () => lines.get({ listId: 'b', place: 1 })],
  ])('is refused by name when it %s the row of another stream', async (_what, use) => {
    await expect(project(['list-a'], async () => void (await use()))).rejects.toThrow(
      'The projection "lists.lines" is partitioned, and uses the row b of Line while it handles an event of the stream list-a.',
    );
  });

  it('is refused when it uses SQL', async () => {
    await expect(project(['list-a'], async () => void (await lines.manager()))).rejects.toThrow(
      'The projection "lists.lines" is partitioned, so it can\'t use SQL',
    );
  });

  it('is refused when its events come from streams of two categories, whose rows could be the same', async () => {
    await expect(project(['list-a', 'basket-a'], () => lines.save(line('a', 1)))).rejects.toThrow(
      'handles events of the streams list-… and basket-…',
    );
  });
});
