import { PassThrough } from 'node:stream';
import { textIn } from '../testing/text-in.js';
import { Progress } from './progress.js';

let now: number;

beforeEach(() => {
  now = 0;
});

function progressOn(isTTY: boolean): { progress: Progress; shown: () => string } {
  const stream = Object.assign(new PassThrough(), { isTTY });
  const progress = new Progress(stream, 'events', () => now);
  return { progress, shown: () => textIn(stream) };
}

describe('progress without a terminal', () => {
  it('shows the first line, then one every few seconds, then the last one', () => {
    const { progress, shown } = progressOn(false);

    for (const done of [0, 10_000, 20_000, 60_000, 70_000]) {
      progress.show(done, 100_000);
      now += 2_000;
    }
    progress.end();

    expect(shown()).toBe(
      '0 %  0 of 100,000 events\n' +
        '60 %  60,000 of 100,000 events  10,000/s  4 s left\n' +
        '70 %  70,000 of 100,000 events  7,000/s  5 s left\n',
    );
  });

  it('shows no line twice, and none when there is no work', () => {
    const { progress, shown } = progressOn(false);
    progress.end();
    expect(shown()).toBe('');

    progress.show(5, 5);
    progress.end();
    progress.end();

    expect(shown()).toBe('100 %  5 of 5 events\n');
  });
});

describe('progress on a terminal', () => {
  it('redraws one line at a limited rate, and leaves it at the end', () => {
    const { progress, shown } = progressOn(true);

    progress.show(0, 1_000);
    now += 50;
    progress.show(100, 1_000);
    expect(shown()).toBe('\r\u001B[2K[........................] 0 %  0 of 1,000 events');
    now += 950;
    progress.show(500, 1_000);
    expect(shown()).toBe('\r\u001B[2K[############............] 50 %  500 of 1,000 events  500/s  1 s left');
    progress.show(1_000, 1_000);
    progress.end();

    expect(shown()).toBe('\r\u001B[2K[########################] 100 %  1,000 of 1,000 events  1,000/s\n');
  });

  it('computes the rate from where the work began, and shows 100 % only at the end', () => {
    const { progress, shown } = progressOn(true);

    progress.show(900, 1_000);
    now += 1_000;
    progress.show(999, 1_000);
    progress.end();

    expect(shown()).toContain('99 %  999 of 1,000 events  99/s  1 s left\n');
  });
});
