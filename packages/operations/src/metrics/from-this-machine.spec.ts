import { isFromThisMachine } from './from-this-machine.js';

it.each(['127.0.0.1', '127.255.0.9', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1'])(
  '%s is the loopback address',
  (ip) => {
    expect(isFromThisMachine({ ip, headers: { host: '127.0.0.1' } })).toBe(true);
  },
);

it.each([
  '10.0.0.1',
  '128.0.0.1',
  '126.255.255.255',
  '0.0.0.0',
  '203.0.113.7',
  '::',
  '::2',
  '::ffff:10.0.0.1',
  'fe80::1',
])('%s is not', (ip) => {
  expect(isFromThisMachine({ ip, headers: { host: '127.0.0.1' } })).toBe(false);
});

it.each(['', 'unknown', '127.0.0.1.example.com', 'localhost'])('%j is not: it is no address', (ip) => {
  expect(isFromThisMachine({ ip, headers: {} })).toBe(false);
});

it.each(['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'])(
  'a request through a proxy is not from this machine: %s',
  (name) => {
    for (const value of ['127.0.0.1', '']) {
      expect(isFromThisMachine({ ip: '127.0.0.1', headers: { [name]: value } })).toBe(false);
    }
  },
);
