import { generateIn, ProjectInMemory, step } from '../../tools/generators/generate.js';

const AGGREGATE = 'src/returns/domain/return.aggregate.ts';
const FOLD = 'src/returns/read-models/return-view/evolve-return-view.ts';
const MODEL = 'src/returns/domain/open-returns.ts';
const project = ProjectInMemory.withoutReturns();

it('closes aggregate, fold and decision model by what TypeScript narrows: the type of one event, and from the second on the event', async () => {
  await generateIn(
    project,
    step('feature returns'),
    step('aggregate returns/return'),
    step('event returns/return-requested'),
    step('read-model returns/return-view'),
    step('decision-model returns/open-returns'),
  );
  const one = [AGGREGATE, FOLD, MODEL].map(callsIn);
  const second = await project.generate(step('event returns/return-approved'));
  const two = [AGGREGATE, FOLD, MODEL].map(callsIn);
  const third = await project.generate(step('event returns/return-refused'));

  expect(one).toEqual([['unreachable(event.type)'], ['unreachable(event.type)'], ['unreachable(event.type)']]);
  expect(two).toEqual([['unreachable(event)'], ['unreachable(event)'], ['unreachable(event)']]);
  expect({ second: second.includes(FOLD), third: third.includes(FOLD) }).toEqual({ second: true, third: false });
});

function callsIn(path: string): string[] {
  return project.read(path).match(/unreachable\([^)]*\)/g) ?? [];
}
