import { SetupError } from '../errors.js';
import { DomainEvent } from './domain-event.decorator.js';
import { EventRegistry } from './event-registry.js';

@DomainEvent('orders.order-placed', { version: 2, upcasters: { 1: (data) => data }, aliases: ['orders.order-arrived'] })
class OrderPlaced {
  declare readonly type: 'orders.order-placed';
}

@DomainEvent('orders.order-placed')
class OrderArrived {
  declare readonly type: 'orders.order-placed';
}

@DomainEvent('orders.order-arrived')
class OrderArrivedLate {
  declare readonly type: 'orders.order-arrived';
}

class Nameless {}

it('finds a class by its stored name, and the name by the class', () => {
  const registry = new EventRegistry();
  registry.register(OrderPlaced);

  expect(registry.forType('orders.order-placed')).toMatchObject({ eventClass: OrderPlaced, schemaVersion: 2 });
  expect(registry.forClass(OrderPlaced)).toMatchObject({ type: 'orders.order-placed' });
  expect(registry.forType('orders.order-paid')).toBeUndefined();
});

it('finds a class that is registered after its stored name was looked for', () => {
  const registry = new EventRegistry();
  expect(registry.forType('orders.order-placed')).toBeUndefined();
  registry.register(OrderPlaced);

  expect(registry.forType('orders.order-placed')).toMatchObject({ eventClass: OrderPlaced });
});

it.each([
  ['orders.order-placed', ['orders.order-placed', 'orders.order-arrived']],
  ['orders.order-arrived', ['orders.order-placed', 'orders.order-arrived']],
  ['orders.order-paid', ['orders.order-paid']],
])('knows all names that events of the type %s may have', (type, names) => {
  const registry = new EventRegistry();
  registry.register(OrderPlaced);

  expect(registry.namesOf(type)).toEqual(names);
});

it('accepts the same class twice', () => {
  const registry = new EventRegistry();
  registry.register(OrderPlaced);

  expect(() => registry.register(OrderPlaced)).not.toThrow();
});

it('refuses two classes with one stored name, names both, and says what to do', () => {
  const registry = new EventRegistry();
  registry.register(OrderPlaced);

  expect(() => registry.register(OrderArrived)).toThrow(SetupError);
  expect(() => registry.register(OrderArrived)).toThrow(
    'OrderPlaced and OrderArrived both have the stored name "orders.order-placed". Give one of them another name in its @DomainEvent.',
  );
  expect(registry.forType('orders.order-placed')).toMatchObject({ eventClass: OrderPlaced });
});

it('refuses a class whose name another class had earlier', () => {
  const registry = new EventRegistry();
  registry.register(OrderPlaced);

  expect(registry.forType('orders.order-arrived')).toMatchObject({ eventClass: OrderPlaced });
  expect(() => registry.register(OrderArrivedLate)).toThrow(
    'OrderPlaced and OrderArrivedLate both have the stored name "orders.order-arrived".',
  );
});

it('refuses a class whose stored name is dropped, whichever comes first', () => {
  const [one, other] = [new EventRegistry(), new EventRegistry()];
  one.register(OrderPlaced);
  other.drop('orders.order-arrived');

  expect(() => one.drop('orders.order-placed')).toThrow(/"orders\.order-placed" is among the dropped events/);
  expect(() => other.register(OrderPlaced)).toThrow(/OrderPlaced has that name\. Take it out of one of the two/);
  expect(other.isDropped('orders.order-arrived')).toBe(true);
});

it('refuses a class without a stored name', () => {
  const registry = new EventRegistry();

  expect(() => registry.register(Nameless)).toThrow(/^Nameless has no stored name\. Put @DomainEvent/);
});

it('says where to register an unregistered class', () => {
  const registry = new EventRegistry();

  expect(() => registry.forClass(OrderPlaced)).toThrow(/^OrderPlaced is not registered\. Add it to .*forFeature/);
});

describe('a stored name', () => {
  it.each([
    'OrderPlaced',
    'order-placed',
    'orders.OrderPlaced',
    'orders.order.placed',
    'orders.',
    'orders.order placed',
  ])('is not %j', (name) => {
    const decorate = (): void => DomainEvent(name)(class Misnamed {} as never);
    expect(decorate).toThrow(SetupError);
    expect(decorate).toThrow(/in lower case with hyphens/);
  });

  it.each([0, -1, 1.5, Number.NaN])('has no version %d', (version) => {
    expect(() => DomainEvent('orders.order-placed', { version })(class Odd {} as never)).toThrow('a positive integer');
  });
});
