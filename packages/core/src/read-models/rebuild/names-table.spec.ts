import { namesTable, usesTable } from './names-table.js';

describe('a text', () => {
  it.each([
    'delete from orders',
    'delete from "orders"',
    'delete from [Orders]',
    'delete from`orders`',
    'delete from public.orders;',
    'select orders.id from x',
    "select 'orders'",
    'select orders from x',
  ])('names the table orders: %s', (sql) => {
    expect(namesTable(sql, 'orders')).toBe(true);
  });

  it.each(['rebuild_orders', 'orders_by_id', 'orders2', 'pre$orders', 'öorders', 'order', '"rebuild_orders"'])(
    'does not name the table orders: %s',
    (sql) => {
      expect(namesTable(sql, 'orders')).toBe(false);
      expect(usesTable(`delete from ${sql}`, 'orders')).toBe(false);
    },
  );

  it.each(['a.b', 'a*', 'a-b', 'a|b', '(a)', 'a"b', '$a', 'ä^', String.raw`a\b`])('names %s literally', (table) => {
    expect(namesTable(`delete from "${table}" where`, table)).toBe(true);
    expect(usesTable(`delete from "${table}" where`, table)).toBe(true);
    expect(namesTable('delete from "aab" where', table)).toBe(false);
  });
});

describe('a statement', () => {
  it.each([
    'select * from orders',
    'select * from\n\torders',
    'select * from"orders"',
    'select * from x join only orders on true',
    'insert into main.orders values (1)',
    'insert or replace into [main].[orders] values (1)',
    'update orders set orders = 1',
    'update or ignore "public" . "orders" set a = 1',
    'delete from x using orders',
    'truncate orders',
    'truncate table orders',
    'drop table if exists orders',
  ])('uses the table orders: %s', (sql) => {
    expect(usesTable(sql, 'orders')).toBe(true);
  });

  it.each([
    'select orders from x',
    'select "x"."orders" as "orders" from "x" "orders" where orders = 1',
    'update x set orders = 1',
    'insert into x (id, orders) values (1, 2) on conflict (id) do update set orders = excluded.orders',
  ])('does not use the table orders: %s', (sql) => {
    expect(usesTable(sql, 'orders')).toBe(false);
  });
});
