import { parseServers } from './servers.js';

it.each([
  ['nats://127.0.0.1', { servers: ['127.0.0.1:4222'], tls: false }],
  ['nats://[::1]:4333', { servers: ['[::1]:4333'], tls: false }],
  ['tls://broker.example.com:443', { servers: ['broker.example.com:443'], tls: true }],
  ['nats://ann:p%40ss@broker:4222', { servers: ['broker:4222'], tls: false, user: 'ann', pass: 'p@ss' }],
  ['nats://s3cr3t@broker', { servers: ['broker:4222'], tls: false, token: 's3cr3t' }],
])('%s', (url, servers) => {
  expect(parseServers([url])).toEqual(servers);
});

it('takes several servers, and the user of the first that has one', () => {
  expect(parseServers(['nats://one', 'nats://ann:secret@two'])).toEqual({
    servers: ['one:4222', 'two:4222'],
    tls: false,
    user: 'ann',
    pass: 'secret',
  });
});

it.each(['', 'broker:4222', 'http://broker', 'nats://', 'nats://broker/path', 'nats://a:50%@broker'])(
  'refuses %j, and does not repeat it',
  (url) => {
    expect(() => parseServers([url])).toThrow(/^A URL of a NATS server (?!.*50%@)/);
  },
);

it('refuses an empty list', () => {
  expect(() => parseServers([])).toThrow('NATS needs at least one server');
});
