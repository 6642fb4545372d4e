import { addressBlock } from './address-block.js';

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:0:1::', '2001:db8:0:1::/64'],
  ['2001:db8::1:0:0:0:7', '2001:db8:0:1::/64'],
  ['2001:db8:0:1:ffff:ffff:ffff:ffff', '2001:db8:0:1::/64'],
  ['2001:db8:0:2::7', '2001:db8:0:2::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::7%eth0', 'fe80:0:0:0::/64'],
  ['', ''],
])('%s is of %s', (address, block) => {
  expect(addressBlock(address)).toBe(block);
});
