import { join } from 'node:path';
import { declaredEvents, eventFiles } from '../../tools/event-schemas/event-schemas.mjs';
import { fixturesIn, missingIn } from '../../tools/event-schemas/fixtures.mjs';

const SOURCES = join(import.meta.dirname, '..', '..', 'src');

it('every fixture of an event makes one that can be recorded as an example', async () => {
  const fixtures = await fixturesIn(SOURCES);
  const shapes = new Map(declaredEvents(eventFiles(SOURCES)).map(({ type, schema }) => [type, schema]));

  expect(fixtures).toContainEqual({
    name: 'aPaidOrder',
    type: 'orders.order-paid',
    schemaVersion: expect.any(Number),
    data: expect.objectContaining({ reference: 'pay-1' }),
  });
  expect(fixtures.filter(({ type, data }) => missingIn(shapes.get(type) ?? {}, data).length > 0)).toEqual([]);
});

it('an event without a field that its class requires is no example', () => {
  expect(missingIn({ id: 'string', city: 'string', 'note?': 'string' }, { id: '1' })).toEqual(['city']);
});
