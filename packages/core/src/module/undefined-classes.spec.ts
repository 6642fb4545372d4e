import { Aggregate, AggregateRoot, DecisionModel, EventSourcingModule, Projection, ReadsFrom } from '../index.js';

/** A class of a file that is still being loaded, because it imports this one. */
const notLoaded = undefined as never;

class Order extends AggregateRoot<object> {
  protected evolve(): void {}
}

class OpenOrders {
  evolve(): void {}
}

it.each<[string, () => unknown]>([
  ['forFeature: the list aggregates', () => EventSourcingModule.forFeature({ aggregates: [Order, notLoaded] })],
  ['forFeature: the list readModels', () => EventSourcingModule.forFeature({ readModels: [OpenOrders, notLoaded] })],
  [
    'forFeature: the list views',
    () => EventSourcingModule.forFeature({ migrations: { views: [notLoaded, notLoaded] } }),
  ],
  [
    '@Aggregate on Order: the list events',
    () => Aggregate({ category: 'order', events: [notLoaded], notFound: () => new Error() })(Order),
  ],
  ['@DecisionModel on OpenOrders: the list events', () => DecisionModel({ events: [notLoaded] })(OpenOrders)],
  [
    '@Projection on OpenOrders: the list entities',
    () => Projection({ name: 'orders.view', entities: [notLoaded] })(OpenOrders),
  ],
  ['@ReadsFrom on OpenOrders: the list of entities', () => ReadsFrom(notLoaded)(OpenOrders)],
])('%s may not have a class that is undefined', (where, declare) => {
  expect(declare).toThrow(`${where} has undefined in place of a class, at index `);
  expect(declare).toThrow('Files that import each other in a circle cause this');
});
