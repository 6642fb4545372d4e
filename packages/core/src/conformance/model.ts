import fc from 'fast-check';
import { RealLog, appending, findingCommand, readingSlice, readingStream, readingTagged } from './model-commands.js';
import { ModelLog } from './model-log.js';
import { COMMANDS, appendPlan, queryPlan, taggedOptions, slicePlan, streamOptions } from './model-plans.js';
import { seedOfRun } from '../testing/random.js';
import type { LogUnderTest } from './use-log.js';

export function describeModel(test: LogUnderTest): void {
  it('behaves like the model in memory', async () => {
    const node = fc.nat({ max: 3 });
    const appends = fc.array(fc.tuple(node, appendPlan), { minLength: 1, maxLength: 5 });
    const commands = fc.commands(
      [
        appends.map(appending),
        appends.map(appending),
        fc.tuple(node, fc.nat({ max: 2 }), streamOptions).map((each) => readingStream(...each)),
        fc.tuple(node, slicePlan).map((each) => readingSlice(...each)),
        fc.tuple(node, queryPlan, taggedOptions).map((each) => readingTagged(...each)),
        fc.tuple(node, fc.nat({ max: COMMANDS - 1 })).map((each) => findingCommand(...each)),
      ],
      { maxCommands: 40, size: '+1' },
    );
    const seen: string[] = [];

    await fc.assert(
      fc.asyncProperty(commands, async (steps) => {
        const start = await test.log.head();
        await fc.asyncModelRun(
          () => ({ model: { log: new ModelLog(start) }, real: new RealLog(test.nodes, start, seen) }),
          steps,
        );
      }),
      { numRuns: 50, seed: seedOfRun() },
    );

    for (const outcome of ['stored', 'repeated', 'version', 'condition']) {
      expect(seen.filter((each) => each === outcome).length).toBeGreaterThan(10);
    }
  }, 60_000);
}
