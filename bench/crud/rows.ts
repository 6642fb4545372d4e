import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A user as one row, changed in place. */
@Entity('users')
export class UserRow {
  @PrimaryColumn({ name: 'user_id', type: 'text' })
  userId: string;

  @Column({ type: 'text' })
  username: string;

  @Index('users_username', { unique: true })
  @Column({ name: 'username_key', type: 'text' })
  usernameKey: string;

  @Index('users_email', { unique: true })
  @Column({ type: 'text' })
  email: string;

  @Column({ type: 'simple-json' })
  roles: string[];

  @Column({ name: 'registered_at', type: 'text' })
  registeredAt: string;

  @Column({ name: 'last_login_time', type: 'text', nullable: true })
  lastLoginTime: string | null;

  @Column({ type: 'integer' })
  version: number;
}

@Entity('orders')
export class OrderRow {
  @PrimaryColumn({ name: 'order_id', type: 'text' })
  orderId: string;

  @Index('orders_customer')
  @Column({ name: 'customer_id', type: 'text' })
  customerId: string;

  @Column({ type: 'simple-json' })
  lines: { sku: string; quantity: number }[];

  @Column({ type: 'text' })
  status: string;

  @Column({ name: 'placed_at', type: 'text' })
  placedAt: string;
}

export const ROWS_SCHEMA = [
  `create table users (user_id text primary key not null, username text not null, username_key text not null,
     email text not null, roles text not null, registered_at text not null, last_login_time text,
     version integer not null)`,
  'create unique index users_username on users (username_key)',
  'create unique index users_email on users (email)',
  `create table orders (order_id text primary key not null, customer_id text not null, lines text not null,
     status text not null, placed_at text not null)`,
  'create index orders_customer on orders (customer_id)',
];
