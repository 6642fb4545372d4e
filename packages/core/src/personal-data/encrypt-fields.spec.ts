import type { JsonObject } from '../events/json.js';
import { encryptFields } from './encrypt-fields.js';

const KEYS = new Map([['ann', { key: { id: 'k', key: Buffer.alloc(32, 1) } }]]);
const PARTS = [{ subject: 'ann', fields: [{ path: 'notes', names: ['notes'] }] }];

class Notes {
  readonly first = 'swims';
}

it.each<[string, unknown]>([
  ['Map', new Map([['first', 'swims']])],
  ['Set', new Set(['swims'])],
  ['Notes', new Notes()],
])('refuses a %s in a personal field, as in others: JSON would change it', (name, notes) => {
  expect(() => encryptFields({ notes } as JsonObject, 'event', PARTS, KEYS)).toThrow(
    `data.notes can't be stored: a ${name} would come back as a plain object.`,
  );
});

it.each([['text'], [null], [0], [[{ a: [1] }]], [{ a: null }]])('encrypts %j', (notes) => {
  const { data } = encryptFields({ notes, id: 1 }, 'event', PARTS, KEYS);

  expect(data).toEqual({ id: 1, $personal: expect.anything() });
});
