import { SetupError } from '@leftfold/core';
import { type NatsOptions, resolveNatsOptions } from './nats-options.js';

const servers = 'nats://127.0.0.1:4222';

it.each<[Omit<NatsOptions, 'servers'>, RegExp]>([
  [{ timeout: 0 }, /timeout of NatsModule is 0 ms/],
  [{ timeout: Number.NaN }, /timeout of NatsModule is NaN ms/],
  [{ timeout: 2 ** 31 }, /Give a time from 1 to 2147483647 ms/],
  [{ backoff: { first: -1, longest: 5 } }, /backoff of NatsModule is from -1 to 5 ms/],
  [{ backoff: { first: 10, longest: 5 } }, /longest at least as long as first/],
  [{ backoff: { first: 10, longest: Number.NaN } }, /from 10 to NaN ms/],
  [{ stream: { name: 'shop.events' } }, /named "shop.events".*without blanks, dots/],
  [{ stream: { name: '' } }, /named ""/],
  [{ stream: { replicas: 0 } }, /0 replicas/],
  [{ startAt: 'never' as never }, /startAt of NatsModule is "never". Give "now" or "beginning"./],
])('refuses %j at the start', (options, sentence) => {
  const resolve = () => resolveNatsOptions({ servers, ...options });
  expect(resolve).toThrow(SetupError);
  expect(resolve).toThrow(sentence);
});

it('takes its defaults', () => {
  expect(resolveNatsOptions({ servers })).toMatchObject({ timeout: 5_000, stream: { name: 'LEFTFOLD', replicas: 1 } });
});
