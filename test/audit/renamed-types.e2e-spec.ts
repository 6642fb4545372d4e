import { DomainEvent, EventLog, EventRegistry } from '@leftfold/core';
import type { CommandLine } from '../../packages/operations/src/cli/command-line.js';
import { tailLog } from '../../packages/operations/src/audit/cli/tail-log.js';
import { useApp } from '../support/use-app.js';
import { LiveReader } from './live-reader.js';
import { pageOf } from './pages.js';

@DomainEvent('samples.parcel-sent', { aliases: ['samples.parcel-shipped'] })
class ParcelSent {
  declare readonly type: 'samples.parcel-sent';
}

describe('a type that was renamed', () => {
  const here = useApp('sqlite');
  let positions: number[];

  beforeAll(async () => {
    here.app.nest.get(EventRegistry).register(ParcelSent);
    const stored = ['samples.parcel-shipped', 'samples.other', 'samples.parcel-sent'].map((type) => ({
      type,
      data: {},
    }));
    const { position } = await here.app.nest
      .get(EventLog)
      .append([{ stream: 'sample-renamed', expected: 'no-stream', events: stored }]);
    positions = [position - 2, position];
  });

  describe.each(['samples.parcel-sent', 'samples.parcel-shipped'])('named as %s,', (type) => {
    it('finds events of both names in the list', async () => {
      const { items } = await pageOf(here.operator, '/events', { type });

      expect(items.map(({ position }) => position)).toEqual(positions);
    });

    it('finds them in the live stream', async () => {
      const reader = await LiveReader.open(here.app, here.operator, `?after=0&type=${type}`);

      await reader.until(({ ids }) => expect(ids).toEqual(positions));
      reader.close();
    });

    it.each([{}, { after: 0 }])('finds them with log tail %j', async (options) => {
      const lines: string[] = [];
      const cli = {
        open: (work: (app: unknown) => Promise<void>) => work(here.app.nest),
        output: { line: (text: string) => lines.push(text) },
        signal: new AbortController().signal,
      } as unknown as CommandLine;

      await tailLog(cli, { type, json: true, ...options });

      expect(lines.map((line) => (JSON.parse(line) as { position: number }).position)).toEqual(positions);
    });
  });
});
