import { OtherWriters } from './other-writers.js';

/** @param gaps how many events of others lie before each batch of two events */
function after(...gaps: number[]): OtherWriters {
  const others = new OtherWriters();
  let end = 100;
  for (const gap of gaps) others.note(end + gap, (end += gap + 2));
  return others;
}

it('sees none in its own batches, whatever was there before the first one', () => {
  expect(after(0, 0, 0).areActive).toBe(false);
  expect(after(50, 0).areActive).toBe(false);
});

it('sees them by their events between two batches', () => {
  expect(after(0, 1).areActive).toBe(true);
});

it('remembers them for the next 15 batches', () => {
  const own = (count: number) => Array<number>(count).fill(0);
  expect(after(0, 1, ...own(15)).areActive).toBe(true);
  expect(after(0, 1, ...own(16)).areActive).toBe(false);
  expect(after(0, 1, ...own(10), 1, ...own(15)).areActive).toBe(true);
});
