import { resolveOptions } from './options.js';

const url = 'postgres://localhost/shop';

it.each([3, 10])('takes pools of %d connections', (connections) => {
  expect(resolveOptions({ url, databaseLimits: { connections } }).databaseLimits).toEqual({ connections });
});

it.each([0, 2, 3.5, Number.NaN])('refuses pools of %d connections', (connections) => {
  expect(() => resolveOptions({ url, databaseLimits: { connections } })).toThrow(
    `databaseLimits.connections is ${connections}. Each pool needs 3 connections or more, as a whole number.`,
  );
});

it.each([
  { url: 'sqlite:./x.sqlite', viewsReplicaUrls: [url] },
  { url, viewsUrl: 'sqlite:./x.sqlite', viewsReplicaUrls: [url] },
  { url, viewsReplicaUrls: ['sqlite:./x.sqlite'] },
])('refuses replicas of or in a SQLite file: %j', (options) => {
  expect(() => resolveOptions(options)).toThrow(/"viewsReplicaUrls".*needs PostgreSQL.*Leave the option out/);
});
