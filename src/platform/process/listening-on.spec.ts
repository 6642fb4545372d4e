import { listeningOn } from './listening-on.js';

it.each([
  ['127.0.0.1', 'IPv4', 'http://127.0.0.1:80'],
  ['0.0.0.0', 'IPv4', 'http://0.0.0.0:80'],
  ['::', 'IPv6', 'http://[::]:80'],
  ['::1', 'IPv6', 'http://[::1]:80'],
])('shows %s as it is', (address, family, url) => expect(listeningOn({ address, family, port: 80 })).toBe(url));
