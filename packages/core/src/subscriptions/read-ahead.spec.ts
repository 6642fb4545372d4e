import type { LogSlice } from '../event-log/event-log.js';
import { type NextEvents, ReadAhead } from './read-ahead.js';

const NEXT: NextEvents = { after: 500, limit: 500 };
const POSTGRES = { readsInBackground: true };

describe('reading ahead', () => {
  it.each<[string, NextEvents, NextEvents[]]>([
    ['the same events once', NEXT, [NEXT]],
    ['others when it goes on elsewhere', { after: 3, limit: 500 }, [NEXT, { after: 3, limit: 500 }]],
    ['others when it goes on one by one', { ...NEXT, limit: 1 }, [NEXT, { ...NEXT, limit: 1 }]],
    ['others when there is an end', { ...NEXT, upTo: 600 }, [NEXT, { ...NEXT, upTo: 600 }]],
  ])('reads %s', async (_, asked, expected) => {
    const reads: NextEvents[] = [];
    const ahead = new ReadAhead(POSTGRES, async (next) => {
      reads.push(next);
      return { events: [], upTo: next.after };
    });
    ahead.begin(NEXT);
    expect(await ahead.read(asked)).toEqual({ events: [], upTo: asked.after });
    expect(reads).toEqual(expected);
  });

  it('reports a failure to the reader that asks for these events, once', async () => {
    const answers = [Promise.reject<LogSlice>(new Error('away')), Promise.resolve<LogSlice>({ events: [], upTo: 7 })];
    const ahead = new ReadAhead(POSTGRES, () => answers.shift()!);
    ahead.begin(NEXT);
    await expect(ahead.read(NEXT)).rejects.toThrow('away');
    expect(await ahead.read(NEXT)).toEqual({ events: [], upTo: 7 });
  });

  it('does not begin where this process reads itself', async () => {
    const reads: NextEvents[] = [];
    const ahead = new ReadAhead({ readsInBackground: false }, async (next) => {
      reads.push(next);
      return { events: [], upTo: next.after };
    });
    ahead.begin(NEXT);
    expect(reads).toEqual([]);
    await ahead.read(NEXT);
    expect(reads).toEqual([NEXT]);
  });
});
