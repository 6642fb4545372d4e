import { checkPrefix, checkSchema } from './check-namespace.js';
import { Namespace } from './namespace.js';

describe('names', () => {
  const shop = new Namespace('shop_');

  it.each([
    ['select * from leftfold_events e where e.stream = ?', 'select * from shop_events e where e.stream = ?'],
    ['update "leftfold_events" set a = 1', 'update "shop_events" set a = 1'],
    ['update public.leftfold_events set a = 1', 'update public.shop_events set a = 1'],
    ['select * from my_leftfold_events', 'select * from my_leftfold_events'],
    [`select 'leftfold_events' from leftfold_commands`, `select 'leftfold_events' from shop_commands`],
    ['select * from events', 'select * from events'],
  ])('of the kernel get their prefix in %s', (sql, inPlace) => {
    expect(shop.inPlace(sql)).toBe(inPlace);
    expect(shop.inPlace(sql)).toBe(inPlace);
  });

  it('stay with the default prefix', () => {
    expect(new Namespace('leftfold_').inPlace('select * from leftfold_events')).toBe('select * from leftfold_events');
  });

  it('have no prefix in a log that was made without one', () => {
    expect(new Namespace('').inPlace('select * from leftfold_events')).toBe('select * from events');
  });

  it('of entities of features stay as they are', () => {
    expect([shop.nameOf('leftfold_events'), shop.nameOf('order_view')]).toEqual(['shop_events', 'order_view']);
  });

  it('are rewritten even after many different statements', () => {
    for (let value = 0; value < 2_500; value++) {
      expect(shop.inPlace(`select ${value} from leftfold_events`)).toBe(`select ${value} from shop_events`);
    }
  });
});

describe('the locks and the channel of nodes', () => {
  const shared = ({ appendLock, migrationLock, channel }: Namespace) => [appendLock, migrationLock, channel];

  it('are unchanged in a log without a prefix, so that a node of the earlier version shares them', () => {
    expect(shared(new Namespace(''))).toEqual([7_305_802, 7_305_801, 'leftfold_events']);
    expect(shared(new Namespace('', 'shop'))).toEqual([7_305_802, 7_305_801, 'leftfold_events']);
  });

  it('never change for a log with a prefix', () => {
    expect(shared(new Namespace('leftfold_', 'public'))).toMatchInlineSnapshot(`
      [
        180608475290204,
        110815009714128,
        "leftfold_ea70a81aaffc",
      ]
    `);
  });

  it('differ by prefix and by schema, and fit in an advisory lock', () => {
    const spaces = ['', 'leftfold_', 'shop_'].flatMap((prefix) =>
      ['public', 'shop'].map((schema) => new Namespace(prefix, schema)),
    );
    const all = spaces.filter(({ prefix, schema }) => prefix !== '' || schema === 'shop').flatMap(shared);

    expect(new Set(all).size).toBe(15);
    expect(all.filter((each) => typeof each === 'number' && !Number.isSafeInteger(each))).toEqual([]);
  });
});

describe('the options', () => {
  it.each([undefined, '', 'leftfold_', 'shop_', '_', 'a'.repeat(21)])('accept the prefix %j', (prefix) => {
    expect(checkPrefix(prefix)).toBe(prefix);
  });

  it.each([
    ['Shop_', /small letters/],
    ['1st_', /no digit/],
    ['a-b', /small letters/],
    ['a"; drop table x; --', /small letters/],
    ['a'.repeat(22), /up to 21/],
    ['sqlite_x', /another use/],
    ['rebuild_', /another use/],
    ['leftfold_shop_', /Only the default/],
  ])('refuse the prefix %j', (prefix, sentence) => {
    expect(() => checkPrefix(prefix)).toThrow(sentence);
  });

  const postgres = { kind: 'postgres', url: 'postgres://host/db' } as const;
  const sqlite = { kind: 'sqlite', path: '/events.sqlite' } as const;

  it('accept a schema on PostgreSQL', () => {
    expect(checkSchema('shop', [sqlite, postgres])).toBe('shop');
  });

  it.each([
    ['shop', [sqlite, sqlite], /is for PostgreSQL/],
    ['Shop', [postgres], /small letters/],
    ['pg_shop', [postgres], /belong to PostgreSQL/],
  ] as const)('refuse the schema %j on %j', (schema, targets, sentence) => {
    expect(() => checkSchema(schema, targets)).toThrow(sentence);
  });
});
