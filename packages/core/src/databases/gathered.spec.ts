import { Gathered } from './gathered.js';

it('answers the requests of one turn with one call, and later ones with another', async () => {
  const calls: (readonly number[])[] = [];
  const doubled = new Gathered<number, number>(async (numbers) => {
    calls.push(numbers);
    return numbers.map((each) => each * 2);
  });

  expect(await Promise.all([doubled.ask(1), doubled.ask(2)])).toEqual([2, 4]);
  expect(await doubled.ask(3)).toBe(6);

  expect(calls).toEqual([[1, 2], [3]]);
});

it('fails the requests of a call that fails, and no others', async () => {
  let fails = true;
  const failing = new Gathered<number, number>(async (numbers) => {
    if (fails) throw new Error('away');
    return numbers;
  });

  const outcomes = await Promise.allSettled([failing.ask(1), failing.ask(2)]);
  fails = false;

  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await failing.ask(3)).toBe(3);
});
