import { aStream, everythingAfter, someEvents, toStream } from './samples.js';
import { shown } from './model-log.js';
import type { LogUnderTest } from './use-log.js';

export function describeImmutability(test: LogUnderTest): void {
  it('is enforced by the database itself', async () => {
    await test.log.append(toStream(aStream(), ...someEvents(3)));
    const before = (await everythingAfter(test.log, 0)).map(shown);
    expect(test.harness.changesOfHistory.length).toBeGreaterThanOrEqual(4);

    for (const statement of test.harness.changesOfHistory) {
      const outcome = await test.harness.run(statement).then(
        () => 'allowed',
        (error: Error) => error.message,
      );
      expect({ statement, outcome }).toEqual({
        statement,
        outcome: expect.stringMatching(test.harness.refusal) as unknown,
      });
    }

    expect((await everythingAfter(test.log, 0)).map(shown)).toEqual(before);
    await expect(test.log.append(toStream(aStream()))).resolves.toMatchObject({ position: before.length + 1 });
  });
}
