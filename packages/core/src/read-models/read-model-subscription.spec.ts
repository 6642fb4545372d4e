import { Retry } from '../subscriptions/retry.decorator.js';
import { readModelSubscription } from './read-model-subscription.js';

const OPTIONS = { name: 'orders.order-view', entities: [] };

@Retry({ policy: 'park' })
class Parking {}

@Retry({ policy: 'stop' })
class Stopping {}

class Plain {}

it('refuses to park events, and says what to do', () => {
  expect(() => readModelSubscription(Parking, OPTIONS, {}, [])).toThrow(
    "@Retry on Parking: a read model can't park an event, because later rows may depend on it. Use the policy 'restart' or 'stop'.",
  );
});

it.each([
  [Stopping, 'stop'],
  [Plain, 'restart'],
])('takes other policies: %p has %s', (handlerClass, policy) => {
  expect(readModelSubscription(handlerClass, OPTIONS, {}, []).retry.policy).toBe(policy);
});
