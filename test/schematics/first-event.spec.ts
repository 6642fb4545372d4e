import { generate, type Outcome, RETURNS, step } from './generate.js';

const AGGREGATE = 'src/returns/domain/return.aggregate.ts';
const FOLD = 'src/returns/read-models/return-view/evolve-return-view.ts';
const BEGINNING = [
  step('feature returns'),
  step('aggregate returns/return'),
  step('event returns/return-requested'),
  step('read-model returns/return-view'),
];

let one: Outcome;
let two: Outcome;

beforeAll(async () => {
  const cases = [BEGINNING, [...BEGINNING, step('event returns/return-approved')]];
  [one, two] = (await generate(cases.map((steps) => ({ without: RETURNS, steps })))) as [Outcome, Outcome];
});

it.each([AGGREGATE, FOLD])(
  '%s is closed by what TypeScript narrows: the type of one event, and then the event',
  (path) => {
    expect(callsIn(one, path)).toEqual(['unreachable(event.type)']);
    expect(callsIn(two, path)).toEqual(['unreachable(event)']);
  },
);

it('changes a fold for the second event, and not for the third', async () => {
  const [third] = await generate([
    {
      without: RETURNS,
      steps: [...BEGINNING, step('event returns/return-approved'), step('event returns/return-refused')],
    },
  ]);

  expect(two.written).toContain(FOLD);
  expect(third!.written).not.toContain(FOLD);
});

function callsIn({ files }: Outcome, path: string): string[] {
  return files[path]?.match(/unreachable\([^)]*\)/g) ?? [];
}
