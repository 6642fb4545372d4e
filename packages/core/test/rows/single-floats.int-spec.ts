import { floatType } from '../../src/read-models/columns/number-types.js';
import { seededRandom, seedOfRun } from '../../src/testing/random.js';
import { createTestDatabase } from '../support/databases.js';
import { runSql } from '../support/stored-rows.js';

const SEED = seedOfRun();
const AT_RANDOM = 20_000;
const SIGN = 2 ** 31;
const INFINITY = 0x7f800000;

describe('numbers of 32 bits on postgres', () => {
  const single = new Float32Array(1);
  const bits = new Uint32Array(single.buffer);

  const ofBits = (pattern: number): number => {
    bits[0] = pattern;
    return single[0]!;
  };
  const random = seededRandom(SEED);
  const anywhere = Array.from({ length: AT_RANDOM }, () => Math.floor(random() * 2 ** 32));
  const nearPowersOfTwo = Array.from({ length: 256 }, (_, exponent) => exponent << 23).flatMap((power) =>
    [-3, -2, -1, 0, 1, 2, 3].map((step) => power + step),
  );
  // Halfway between two decimals of 8 digits, where PostgreSQL takes the even one.
  const halves = Array.from({ length: 64 }, (_, step) => 0x4a000000 + step);
  const subnormal = Array.from({ length: 2_000 }, () => Math.floor(random() * 2 ** 23));
  const fewDigits = Array.from({ length: 2_000 }, () => {
    single[0] = Number(((random() - 0.5) * 10 ** Math.floor(random() * 38)).toPrecision(1 + Math.floor(random() * 8)));
    return bits[0]!;
  });
  const patterns = [...anywhere, ...nearPowersOfTwo, ...halves, ...subnormal, ...fewDigits];
  const numbers = patterns.filter((each) => each >= 0 && each % SIGN < INFINITY).map(ofBits);

  it(`have the stored form that the driver reads (TEST_SEED=${SEED})`, async () => {
    const database = await createTestDatabase('postgres');
    const rows = await runSql(
      database.url,
      `select value from unnest('{${numbers.join(', ')}}'::real[]) with ordinality as of (value, place) order by place`,
    );
    await database.drop();
    const read = rows.map(({ value }) => value as number);
    expect(read).toHaveLength(numbers.length);
    const differing = numbers
      .map((number, place) => [floatType.normalize(number), read[place]! + 0 || 0])
      .filter(([stored, driver]) => stored !== driver);
    expect(differing).toEqual([]);
    expect(read.filter((each) => floatType.normalize(each) !== (each + 0 || 0))).toEqual([]);
  });
});
