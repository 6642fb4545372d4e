import { Column, Entity, type MigrationInterface, PrimaryColumn, type QueryRunner } from 'typeorm';
import { EventSourcingModule, ReadModel, SetupError } from '../src/index.js';
import { TableOwners } from '../src/read-models/table-owners.js';
import type { ReadModelSubscription } from '../src/read-models/read-model-subscription.js';
import { SubscriptionRegistry } from '../src/subscriptions/subscription-registry.js';
import { partitionOf } from '../src/event-log/partition.js';
import { DATABASE_KINDS } from './support/databases.js';
import { eventually } from './support/eventually.js';
import type { CounterNode } from './counters/counter-node.js';
import { CounterNodes, open, raise, settled } from './counters/counter-nodes.js';
import { TALLY, tallies, type TallyOptions } from './counters/tally-projection.js';

const RENAMED = 'counters.raises';

@Entity('raised_by')
class RaisedBy {
  @PrimaryColumn('integer')
  position: number;

  @Column('text', { name: 'counter_id' })
  counterId: string;
}

class CreateRaisedBy1750000900002 implements MigrationInterface {
  readonly name = 'CreateRaisedBy1750000900002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table raised_by (position integer primary key not null, counter_id text not null)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table raised_by');
  }
}

describe.each(DATABASE_KINDS)('the tables of a read model on %s', (kind) => {
  let nodes: CounterNodes;
  let id: string;

  const start = (tally: TallyOptions = {}): Promise<CounterNode> => nodes.start({ leaseTtl: 2_000 }, tallies(tally));
  /** A node that counted three events and was stopped. */
  const counted = async (): Promise<void> => {
    const node = await start();
    id = await open(node);
    for (let n = 0; n < 3; n++) await raise(node, id);
    await settled(node, { state: 'live' }, TALLY);
    await nodes.stop(node);
  };
  const rebuilt = (node: CounterNode, name: string): Promise<void> =>
    eventually(async () => expect(await node.status(name)).toMatchObject({ lag: 0, rebuild: { state: 'done' } }));
  const raises = async (): Promise<number[]> =>
    (await nodes.viewsSql('select raises from tally')).map((row) => Number(row.raises));

  const forgetOwners = async (): Promise<void> => {
    await nodes.viewsSql('drop table leftfold_read_model_tables');
    await nodes.viewsSql(`delete from leftfold_migrations_views where name = 'CreateReadModelTables1750000900000'`);
  };

  function itIsNoLongerShared(): void {
    // An earlier program shared it between nodes: one of them had the streams of all partitions but this one.
    const splitAround = async (): Promise<void> => {
      const partition = partitionOf(`counter-${id}`);
      const [state] = await nodes.viewsSql(`select position from leftfold_read_models where name = '${TALLY}'`);
      const head = Number(state!.position);
      const ranges = [
        [0, partition - 1, head - 1, 7],
        [partition, partition, head - 2, 8],
        [partition + 1, 1023, head, 9],
      ].filter(([first, last]) => first! <= last!);
      for (const [first, last, position, epoch] of ranges) {
        await nodes.viewsSql(
          `insert into leftfold_read_model_ranges (subscription, first_partition, last_partition, position, epoch, expires_at)
           values ('${TALLY}', ${first}, ${last}, ${position}, ${epoch}, 0)`,
        );
      }
      await nodes.viewsSql(
        `update leftfold_read_models set owner = 'split', halted = 'split', epoch = 9, handled = handled - 2, event_id = null, position = ${head - 2}
          where name = '${TALLY}'`,
      );
      await nodes.viewsSql('update tally set raises = raises - 2');
    };

    const unsplit = (): Promise<void> =>
      eventually(async () => expect(await nodes.viewsSql('select * from leftfold_read_model_ranges')).toEqual([]));

    it('are written by one node again when a program no longer partitions it', async () => {
      await counted();
      await splitAround();
      const node = await start();
      await settled(node, { state: 'live', handled: 3 }, TALLY);
      expect(await raises()).toEqual([3]);
      await unsplit();
      await settled(node, { state: 'live', handled: 3 }, TALLY);
    });

    it('stay with it when it is renamed after nodes had shared it', async () => {
      await counted();
      await splitAround();
      const node = await start({ name: RENAMED });
      await rebuilt(node, RENAMED);
      expect(await raises()).toEqual([3]);
      await unsplit();
    });
  }

  beforeEach(async () => {
    nodes = await CounterNodes.prepare(kind);
  });

  afterEach(() => nodes.drop());

  it('stay with it when it is renamed, and are rebuilt', async () => {
    await counted();
    const node = await start({ name: RENAMED });
    await raise(node, id);
    await rebuilt(node, RENAMED);
    expect(await raises()).toEqual([4]);
    expect(
      (await nodes.viewsSql('select name from leftfold_read_models order by name')).map(({ name }) => name),
    ).toEqual(['counters.counter-view', RENAMED]);
  });

  it('are written only under the new name while a node still has the old one', async () => {
    const old = await start();
    id = await open(old);
    await raise(old, id);
    await settled(old, { state: 'live' }, TALLY);
    const node = await start({ name: RENAMED });
    for (let n = 0; n < 5; n++) await raise(n % 2 ? node : old, id);
    await rebuilt(node, RENAMED);
    await settled(node, { state: 'live' }, RENAMED);
    expect(await raises()).toEqual([6]);

    // The old one gets them back when no node writes them under the new name.
    const oldName = old.get(SubscriptionRegistry).all.find(({ name }) => name === TALLY) as ReadModelSubscription;
    expect(await old.get(TableOwners).areFree(oldName)).toBe(false);
    await nodes.stop(node);
    await settled(old, { state: 'live' }, TALLY);
  });

  if (kind === 'postgres') itIsNoLongerShared();

  // The rest does not depend on the database.
  if (kind !== 'sqlite') return;

  it('return to the new name after a node with the old one has run', async () => {
    await counted();
    const node = await start({ name: RENAMED });
    await rebuilt(node, RENAMED);
    const old = await start();
    await settled(old, { state: 'live' }, TALLY);
    await raise(node, id);
    await nodes.stop(old);
    await rebuilt(node, RENAMED);
    await settled(node, { state: 'live' }, RENAMED);
    expect(await raises()).toEqual([4]);
  });

  it.each([
    ['', async () => undefined],
    [', also in a database without recorded owners', () => forgetOwners()],
  ])('are filled from the beginning when one is added%s', async (_, before) => {
    await counted();
    await before();
    const raisedBy = new ReadModel(RaisedBy);
    const edition = tallies({
      entities: [RaisedBy],
      weigh: ({ counterId }, { position }) => {
        raisedBy.save({ position, counterId });
        return 1;
      },
    });
    const node = await nodes.start(
      { leaseTtl: 2_000 },
      {
        ...edition,
        imports: [
          ...edition.imports!,
          EventSourcingModule.forFeature({ migrations: { views: [CreateRaisedBy1750000900002] } }),
        ],
      },
    );
    await rebuilt(node, TALLY);
    expect(await raises()).toEqual([3]);
    expect(await nodes.viewsSql('select * from raised_by')).toHaveLength(3);
  });

  it('are rebuilt in a database without recorded owners, if a removed read model may have filled them', async () => {
    await counted();
    await forgetOwners();
    await nodes.viewsSql(
      `insert into leftfold_read_models (name, version, log_id, position, handled, epoch, expires_at)
       select 'counters.gone', version, log_id, position, handled, epoch, 0 from leftfold_read_models where name = '${TALLY}'`,
    );
    await nodes.viewsSql('update tally set raises = 100');
    await rebuilt(await start(), TALLY);
    expect(await raises()).toEqual([3]);
  });

  it('stay unchanged in a database without recorded owners', async () => {
    await counted();
    await forgetOwners();
    const node = await start();
    await raise(node, id);
    await settled(node, { state: 'live', rebuild: null }, TALLY);
    expect(await raises()).toEqual([4]);
  });

  it('are refused when the owner of their rows is unknown', async () => {
    await counted();
    await nodes.viewsSql('delete from leftfold_read_model_tables');
    const starting = start({ name: RENAMED });
    await expect(starting).rejects.toThrow(SetupError);
    await expect(starting).rejects.toThrow(
      /"counters.raises" is new, and its table "tally" has rows.*give it its old name/,
    );
  });

  it('are refused when another read model of the program has written them', async () => {
    await counted();
    await nodes.viewsSql(
      `update leftfold_read_model_tables set read_model = 'counters.counter-view' where table_name = 'tally'`,
    );
    await expect(start()).rejects.toThrow(
      /"counters.tally" writes the table "tally", whose rows the projection "counters.counter-view" has written/,
    );

    await nodes.viewsSql('delete from tally');
    const node = await start();
    await rebuilt(node, TALLY);
    expect(await raises()).toEqual([3]);
  });
});
