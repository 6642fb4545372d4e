import { AsyncLocalStorage } from 'node:async_hooks';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { DomainEvent, type EventContext } from '../../src/index.js';
import { ReadModel } from '../../src/read-models/read-model.js';
import { BatchFailure, HandlerFailure } from '../../src/subscriptions/runners/handler-failure.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { gate } from '../counters/counter-nodes.js';
import { ProjectedTables, STATEMENTS_OF } from './projected-tables.js';

@DomainEvent('rows.touched')
class Touched {
  declare readonly type: 'rows.touched';
  constructor(
    readonly id: string,
    readonly label: string,
  ) {}
}

class Place {
  @PrimaryColumn('text')
  city: string;

  @PrimaryColumn('integer')
  number: number;
}

@Entity('labels')
class Label {
  @PrimaryColumn('text')
  id: string;

  @Column('text')
  label: string;

  @Column('text', { default: 'none yet' })
  note: string;

  /** Neither is loaded by a repository's find. */
  @Column('text', { select: false, nullable: true })
  secret: string | null;

  @Column('text', { name: 'deleted_at', nullable: true })
  deletedAt: string | null;
}

@Entity('places')
class PlaceRow {
  @Column(() => Place)
  place: Place;

  @Column('integer')
  visits: number;
}

@Entity('numbered')
class Numbered {
  @PrimaryColumn('bigint')
  id: string;
}

const STATEMENTS = [
  `create table labels (
     id text primary key not null, label text not null unique check (label <> 'forbidden'),
     note text not null default 'none yet', secret text, deleted_at text
   )`,
  `create table places (
     "placeCity" text not null, "placeNumber" integer not null, visits integer not null,
     primary key ("placeCity", "placeNumber")
   )`,
  'create table numbered (id bigint primary key not null)',
];

describe.each(DATABASE_KINDS)('a batch of rows on %s', (kind) => {
  const labels = new ReadModel(Label);
  const places = new ReadModel(PlaceRow);
  const numbered = new ReadModel(Numbered);
  let tables: ProjectedTables;

  const label = (id: string, text: string): Label => Object.assign(new Label(), { id, label: text });
  /** Handles one event for each piece of work, in one batch. */
  const handle = (...works: (() => Promise<void> | void)[]): Promise<number> => {
    const events = works.map((_, index) => tables.recorded({ id: '', label: '' }, `label-${index}`));
    const first = events[0]!.position;
    return tables.project(events, (_, { position }: EventContext) => works[position - first]!());
  };
  const stored = async (): Promise<string[]> =>
    (await tables.rows<Label>('select * from labels order by id')).map((row) => `${row.id} ${row.label}`);

  beforeAll(async () => {
    tables = await ProjectedTables.open(kind, [Label, PlaceRow, Numbered], STATEMENTS, Touched);
  });

  beforeEach(async () => {
    for (const table of ['labels', 'places', 'numbered']) {
      await tables.views.write.statement(`delete from ${table}`, []);
    }
    await handle(() => ['a', 'b', 'c'].forEach((id) => labels.save(label(id, id.toUpperCase()))));
  });

  afterAll(() => tables.close());

  it('gives each concurrent caller its own copy of a row', async () => {
    await handle(async () => {
      const rows = await Promise.all(['a', 'b', 'b', 'z'].map((id) => labels.get(id)));
      expect(rows.map((row) => row?.label)).toEqual(['A', 'B', 'B', undefined]);
      expect(rows[1]).not.toBe(rows[2]);
    });
  });

  it('keeps a row that was saved while it was being loaded', async () => {
    await handle(async () => {
      const row = labels.get('a');
      labels.save(label('a', 'new'));
      await row;
      expect((await labels.get('a'))!.label).toBe('new');
    });
    expect(await stored()).toEqual(['a new', 'b B', 'c C']);
  });

  it('drops changes that were not saved, within the batch and after it', async () => {
    await handle(
      async () => void ((await labels.get('a'))!.label = 'changed'),
      async () => expect((await labels.get('a'))!.label).toBe('A'),
    );
    expect(await stored()).toEqual(['a A', 'b B', 'c C']);
  });

  it('moves a unique value from row to row, because only the final rows count', async () => {
    await handle(
      () => labels.save(label('b', 'x')),
      () => labels.save(label('a', 'B')),
      () => labels.save(label('b', 'A')),
      () => labels.remove('c'),
      () => labels.save(label('d', 'C')),
    );
    expect(await stored()).toEqual(['a B', 'b A', 'd C']);
  });

  it('keeps columns that a repository does not select, gives defaults, and replaces the whole row', async () => {
    await handle(() => labels.save(Object.assign(label('a', 'A'), { secret: 's', deletedAt: '2026-01-01' })));
    await handle(async () => {
      const row = (await labels.get('a'))!;
      expect(row).toEqual({ id: 'a', label: 'A', note: 'none yet', secret: 's', deletedAt: '2026-01-01' });
      labels.save(Object.assign(row, { note: 'seen' }));
    });
    expect(await tables.rows("select * from labels where id = 'a'")).toEqual([
      { id: 'a', label: 'A', note: 'seen', secret: 's', deleted_at: '2026-01-01' },
    ]);
  });

  it('accepts a key in embedded columns', async () => {
    const place = { city: 'Łódź', number: 2 };
    await handle(
      () => places.save({ place, visits: 1 }),
      async () => places.save({ place, visits: (await places.get({ place }))!.visits + 1 }),
    );
    await handle(async () => expect(await places.get({ place })).toEqual({ place, visits: 2 }));
    await handle(() => places.remove({ place }));
    expect(await tables.rows('select * from places')).toEqual([]);
  });

  it("ignores streams whose ids can't be keys of the table", async () => {
    await handle(() => numbered.save({ id: '1' }));
    const events = ['label-none', 'label-1', 'label-99999999999999999999'].map((stream) =>
      tables.recorded({ id: '', label: '' }, stream),
    );
    const seen = new Set<string>();
    await tables.project(events, async () => void seen.add(String((await numbered.get('1'))?.id)));
    expect([...seen]).toEqual(['1']);
  });

  it.each<[string, () => void, RegExp]>([
    ['a key that is none', () => numbered.remove('one'), /Numbered\.id is no whole number.*"one"/],
    ['a row without its key', () => labels.save({ label: 'x' } as Label), /Label\.id is undefined.*not nullable/],
    ['a row without a value', () => labels.save({ id: 'x' } as Label), /Label\.label is undefined.*not nullable/],
    ['a value of another type', () => labels.save(label('x', {} as string)), /Label\.label is no text/],
  ])('refuses %s when it is given it', async (_, work, message) => {
    await expect(handle(() => undefined, work)).rejects.toThrow(message);
  });

  it('names a row that the projection does not own', async () => {
    const event = tables.recorded({ id: '', label: '' });
    const work = tables.project([event], async () => void (await numbered.get('1')), { tables: { entities: [Label] } });
    await expect(work).rejects.toThrow("Numbered is none of this projection's entities");
  });

  it('fails when a handler returns before its ReadModel has answered', async () => {
    await expect(handle(() => void labels.get('a'))).rejects.toThrow(/returned before its ReadModel had answered/);
  });

  it('fails on the event whose handler keeps running after it has returned, while others run', async () => {
    const returned = gate();
    const late: Promise<unknown>[] = [];
    const failure = await handle(
      () => {
        const goOn = async (): Promise<void> => {
          await returned.opened;
          labels.save(label('late', 'late'));
        };
        late.push(goOn().catch((error: Error) => error.message));
      },
      async () => {
        returned.open();
        await Promise.all(late);
      },
    ).catch((error: Error) => error);
    expect(failure).toBeInstanceOf(HandlerFailure);
    expect((failure as HandlerFailure).event.stream).toBe('label-0');
    expect(await Promise.all(late)).toEqual([
      expect.stringMatching(/after the handler had returned.*Await everything/),
    ]);
    expect(await stored()).toEqual(['a A', 'b B', 'c C']);
  });

  it('calls each handler in the context of its batch, as tracing needs it', async () => {
    const trace = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const look = (): void => void seen.push(trace.getStore());
    await trace.run('batch', () => handle(look, async () => void (await labels.get('a')), look));
    expect(seen).toEqual(['batch', 'batch']);
  });

  it('names the failing event if it is alone, and no event if several were stored together', async () => {
    await expect(handle(() => labels.save(label('a', 'forbidden')))).rejects.toBeInstanceOf(HandlerFailure);
    const failure = await handle(
      () => labels.save(label('a', 'fine')),
      () => labels.save(label('b', 'forbidden')),
      () => labels.save(label('c', 'also fine')),
    ).catch((error: Error) => error);
    expect(failure).toBeInstanceOf(BatchFailure);
    expect((failure as BatchFailure).last.stream).toBe('label-2');
    expect(await stored()).toEqual(['a A', 'b B', 'c C']);
  });

  it("loads the rows of a projection's keys in one query, and names an event whose key can't be determined", async () => {
    const read = jest.spyOn(STATEMENTS_OF[kind].prototype, 'run');
    const events = ['a', 'b', 'c', 'none'].map((id) => tables.recorded({ id, label: '' }));
    const handler = async (event: object): Promise<void> => void (await labels.get((event as Touched).id));
    await tables.project(events, handler, { key: (event) => [(event as Touched).id] });
    expect(read.mock.calls.filter(([sql]) => sql.startsWith('select'))).toHaveLength(1);
    read.mockRestore();
    const key = (event: object): string => {
      if ((event as Touched).id === 'c') throw new Error('no key');
      return (event as Touched).id;
    };
    for (const batch of [events, events.slice(2)]) {
      const failure = await tables.project(batch, handler, { key }).catch((error: HandlerFailure) => error);
      expect((failure as HandlerFailure).event.position).toBe(events[2]!.position);
    }
  });
});

describe.each(DATABASE_KINDS)('text that a database can not hold, on %s', (kind) => {
  const labels = new ReadModel(Label);

  it.each([
    ['replace', 'a\uFFFDb\uFFFD'],
    ['refuse', /Label\.label has a NUL or half of a surrogate pair/],
  ] as const)('is dealt with as the option says: %s', async (unstorable, expected) => {
    const tables = await ProjectedTables.open(kind, [Label], STATEMENTS, Touched, unstorable);
    const event = tables.recorded({ id: '', label: '' });
    const work = tables.project([event], () => labels.save({ id: 'a', label: 'a\0b\uD800' } as Label));
    if (expected instanceof RegExp) await expect(work).rejects.toThrow(expected);
    else {
      await work;
      expect(await tables.rows('select label from labels')).toEqual([{ label: expected }]);
    }
    await tables.close();
  });
});
