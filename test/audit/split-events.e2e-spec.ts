import { DomainEvent, EventLog, EventRegistry, EventSerializer } from '@leftfold/core';
import type { EventItem } from '../../packages/http/src/history/event-item.js';
import { useApp } from '../support/use-app.js';
import { LiveReader } from './live-reader.js';
import { pageOf } from './pages.js';

/** Version 1 held all parcels of a box. */
@DomainEvent('samples.parcel-packed', {
  version: 2,
  upcasters: { 1: ({ parcelIds }) => (parcelIds as string[]).map((parcelId) => ({ parcelId })) },
})
class ParcelPacked {
  declare readonly type: 'samples.parcel-packed';
  constructor(readonly parcelId: string) {}
}

describe('an event that an upcaster splits', () => {
  const here = useApp('sqlite');
  /** Of a box with two parcels, an event of another type, an empty box, and a parcel of today. */
  let positions: number[];

  beforeAll(async () => {
    here.app.nest.get(EventRegistry).register(ParcelPacked);
    const box = (...parcelIds: string[]) => ({ type: 'samples.parcel-packed', schemaVersion: 1, data: { parcelIds } });
    const events = [
      box('a', 'b'),
      { type: 'samples.other', data: {} },
      box(),
      { type: 'samples.parcel-packed', schemaVersion: 2, data: { parcelId: 'c' } },
    ];
    const { position } = await here.app.nest
      .get(EventLog)
      .append([{ stream: 'sample-split', expected: 'no-stream', events }]);
    positions = events.map((_, index) => position - events.length + 1 + index);
  });

  it('is one item of lists and of the live stream: the stored event, as it was stored', async () => {
    const { items } = await pageOf(here.operator, '/events', { after: positions[0]! - 1 });
    const reader = await LiveReader.open(here.app, here.operator, `?after=${positions[0]! - 1}`);
    await reader.until(({ ids }) => expect(ids).toEqual(positions));
    reader.close();

    const live = reader.blocks
      .filter((block) => block.startsWith('id: '))
      .map((block) => JSON.parse(block.slice(block.indexOf('data: ') + 6)) as EventItem);
    expect(live).toEqual(items);
    expect(items.map(({ position, data }) => [position, data])).toEqual([
      [positions[0], { parcelIds: ['a', 'b'] }],
      [positions[1], {}],
      [positions[2], { parcelIds: [] }],
      [positions[3], { parcelId: 'c' }],
    ]);
    // The application gets two events, none, and one.
    const serializer = here.app.nest.get(EventSerializer);
    const { events } = await here.app.nest.get(EventLog).readAll({ after: positions[0]! - 1, limit: 10 });
    const parcels = events
      .filter(({ type }) => type !== 'samples.other')
      .map((each) => serializer.eventsOf(each).length);
    expect(parcels).toEqual([2, 0, 1]);
  });

  it.each([
    { at: 'the split event', after: () => positions[0]!, rest: () => positions.slice(2) },
    { at: 'an event that the filter leaves out', after: () => positions[1]!, rest: () => positions.slice(2) },
    { at: 'an event that became none', after: () => positions[2]!, rest: () => positions.slice(3) },
  ])('is not repeated, and nothing is left out, when a live stream resumes after $at', async ({ after, rest }) => {
    const reader = await LiveReader.open(here.app, here.operator, '?type=samples.parcel-packed', {
      'last-event-id': String(after()),
    });

    await reader.until(({ ids }) => expect(ids).toEqual(rest()));
    reader.close();
  });
});
