import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { generate, step, type Step } from '../../tools/generators/generate.js';

const SOURCES = join(import.meta.dirname, '..', '..', 'src');
/** The features of this project; developers may add to them. */
const FEATURES = readdirSync(SOURCES)
  .filter((name) => name !== 'platform' && existsSync(join(SOURCES, name, `${name}.module.ts`)))
  .toSorted((one, other) => one.localeCompare(other));

const REFUSED: readonly (readonly [Step, string])[] = [
  [step('feature'), 'Give a name: npx nest g feature returns'],
  [step('command'), 'Give a name: npx nest g command orders/confirm-order'],
  [
    step('command confirm-order'),
    'Give the feature and the name, with one slash between: npx nest g command orders/confirm-order',
  ],
  [
    step('command orders/commands/confirm-order'),
    'Give the feature and the name, with one slash between: npx nest g command orders/confirm-order',
  ],
  [step('feature a/b'), 'A feature is a folder directly in src, so its name has no slash: npx nest g feature returns'],
  [step('event orders/order!'), '"order!" can\'t be a name. Use letters, digits and hyphens, and begin with a letter.'],
  [
    step('event orders/2-orders'),
    '"2-orders" can\'t be a name. Use letters, digits and hyphens, and begin with a letter.',
  ],
  [step('command ../orders'), '".." can\'t be a name. Use letters, digits and hyphens, and begin with a letter.'],

  // A name that is taken.
  [step('feature order'), 'There is a feature orders already: choose another name.'],
  [step('feature platform'), 'src/platform is no feature: choose another name.'],
  [
    step('aggregate orders/orders'),
    'orders has the aggregate order already: src/orders/domain/order.aggregate.ts. Choose another name.',
  ],
  [
    step('aggregate inventory/order'),
    'orders has the aggregate order, whose streams are called order-<id>. Choose another name.',
  ],
  [
    step('command orders/CancelOrderCommand'),
    'orders has the command cancel-order already: src/orders/commands/cancel-order. Choose another name.',
  ],
  [
    step('event orders/order-placed'),
    'orders has the event order-placed already: src/orders/events/order-placed.event.ts. Choose another name.',
  ],
  [
    step('query orders/get-orders'),
    'orders has the query get-order already: src/orders/queries/get-order. Choose another name.',
  ],
  [
    step('read-model orders/order-view'),
    'orders has the read model order-view already: src/orders/read-models/order-view. Choose another name.',
  ],
  [
    step('saga orders/fulfilment'),
    'orders has the saga fulfilment already: src/orders/sagas/fulfilment.saga.ts. Choose another name.',
  ],
  [
    step('side-effect users/welcome-mail'),
    'users has the side effect welcome-mail already: src/users/side-effects/welcome-mail. Choose another name.',
  ],
  [
    step('query orders/find-order', { path: '--route' }),
    'There is GET /orders/:orderId already. Choose another path: route=<path>',
  ],

  // A missing feature or event.
  [
    step('command invoice/send-invoice'),
    `There is no feature invoice. There are ${FEATURES.join(', ')}. To add one, run: npx nest g feature invoices`,
  ],
  [
    step('saga orders/x', { path: '--when=order-lost' }),
    'There is no event order-lost of order. There are order-placed, line-reserved, order-confirmed, order-rejected, order-paid, order-cancelled, order-expired.',
  ],

  // Invalid names.
  [
    step('command orders/delete'),
    '"delete" is a reserved word of JavaScript. Add what it is about, for example "delete-order".',
  ],
  [step('saga orders/new'), '"new" is a reserved word of JavaScript. Add what it is about, for example "new-order".'],
  [step('aggregate orders/promises'), 'Promise is a class of JavaScript or of the framework. Choose another name.'],
  [
    step('event orders/aggregate-root'),
    'AggregateRoot is a class of JavaScript or of the framework. Choose another name.',
  ],
  [
    step('event orders/shipped'),
    "An event's name says what has happened to what: npx nest g event orders/order-shipped",
  ],
  [
    step('query orders/order'),
    'A query is called get-... (one, or "not found"), find-... (one, or nothing) or list-... (a page): npx nest g query orders/get-order',
  ],

  // Options.
  [
    step('command orders/ship-order', { path: '--rute' }),
    '"--rute" is not an option of nest g command. It takes route, or route=<path>.',
  ],
  [
    step('command orders/ship-order', { path: 'rute' }),
    '"rute" is not an option of nest g command. It takes route, or route=<path>.',
  ],
  [step('saga orders/x', { path: '--when' }), '"--when" is not an option of nest g saga. It takes when=<event>.'],
  [step('event orders/order-shipped', { path: 'somewhere' }), '"somewhere" is not an option of nest g event.'],
  [
    step('command orders/ship-order', { path: '--route=a?b' }),
    '"a?b" can\'t be a path. Use words and :parameters with slashes between: route=:orderId/ship',
  ],
  [
    step('command orders/ship-order', { skipImport: true }),
    'A generated class is always registered. Leave --skip-import out.',
  ],
];

it.each([
  [step('event parcels/parcel-sent'), 'parcels has no aggregate yet. Begin with: npx nest g aggregate parcels/<name>'],
  [
    step('query parcels/find-parcel'),
    'parcels has no read model yet. Begin with: npx nest g read-model parcels/parcel-view',
  ],
] as const)('explains the first step for a new feature', async (next, sentence) => {
  expect((await generate(step('feature parcels'), next)).refusal).toBe(sentence);
});

it.each(REFUSED.map(([refused, sentence]) => ({ ...refused, sentence })))(
  'nest g $generator $options.name is refused with one sentence, and no file is written',
  async ({ sentence, ...refused }) => {
    expect(await generate(refused)).toEqual({ refusal: sentence, files: {}, written: [] });
  },
);
