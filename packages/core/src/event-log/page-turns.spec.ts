import { setImmediate as nextTurn } from 'node:timers/promises';
import { PageTurns } from './page-turns.js';

it('grants one page per turn of the event loop, to the reads in their order', async () => {
  const turns = new PageTurns();
  const pages: string[] = [];
  let turn = 0;
  const read = async (name: string, count: number): Promise<void> => {
    for (let page = 0; page < count; page++) {
      await turns.next();
      pages.push(`${turn} ${name}`);
    }
  };
  const reads = Promise.all([read('a', 3), read('b', 2), read('c', 1)]);
  while (pages.length < 6) {
    await nextTurn();
    turn += 1;
  }
  await reads;

  expect(pages.map((each) => each.split(' ')[1])).toEqual(['a', 'b', 'c', 'a', 'b', 'a']);
  expect(new Set(pages.map((each) => each.split(' ')[0])).size).toBe(6);
});
