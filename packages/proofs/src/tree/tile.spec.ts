import { parseTilePath, tilePath, widthOf } from './tile.js';

// The paths are those of the tests of Go's `sumdb/tlog` and of transparency-dev/tessera (`api/layout`), where they fit.

it.each([
  ['0/000', { level: 0, index: 0, width: 256 }],
  ['0/001.p/5', { level: 0, index: 1, width: 5 }],
  ['5/x123/x456/078', { level: 5, index: 123_456_078, width: 256 }],
  ['5/x123/x456/078.p/255', { level: 5, index: 123_456_078, width: 255 }],
  ['0/000.p/255', { level: 0, index: 0, width: 255 }],
  ['15/x455/667', { level: 15, index: 455_667, width: 256 }],
  ['15/x123/x456/789.p/41', { level: 15, index: 123_456_789, width: 41 }],
  ['63/x001/x234/067', { level: 63, index: 1_234_067, width: 256 }],
  ['entries/x003/x057/500', { level: 'entries', index: 3_057_500, width: 256 }],
  ['entries/000.p/1', { level: 'entries', index: 0, width: 1 }],
] as const)('the path %s is that of a tile', (path, tile) => {
  expect(parseTilePath(path)).toEqual(tile);
  expect(tilePath(tile)).toBe(path);
});

it.each([
  '',
  '0',
  '0/1',
  '0/0001',
  '00/001',
  '64/001',
  '-1/001',
  'data/001',
  '0/123/456/078',
  '0/x000/001',
  '0/x001',
  '0/001.p/0',
  '0/001.p/256',
  '0/001.p/05',
  '0/001.p/',
  '0/001/',
  '0/x999/x999/x999/x999/x999/x999/999',
  '0/001.p/5/6',
  '0/x001/x234/067.p',
  '0/x001/x234/',
  '1/x001/.p/abc',
  'abc/001',
  '8/x001/0002',
  '8/x001/-002',
  '8/x001/002.p/256',
])('%j is no path of a tile', (path) => {
  expect(parseTilePath(path)).toBeUndefined();
});

it('has the widths of the example of the specification', () => {
  const size = 70_000;
  expect([272, 273, 274].map((index) => widthOf(0, index, size))).toEqual([256, 112, 0]);
  expect([0, 1, 2].map((index) => widthOf(1, index, size))).toEqual([256, 17, 0]);
  expect([widthOf(2, 0, size), widthOf(3, 0, size)]).toEqual([1, 0]);
  expect([widthOf(0, 0, 256), widthOf(1, 0, 256)]).toEqual([256, 1]);
});
