import { IntegrationEventHandler } from './integration-event-handler.decorator.js';

class Translation {
  toCommand(): undefined {
    return undefined;
  }
}

const decorate = (subject: string, options: object = {}): void =>
  IntegrationEventHandler(subject, { name: 'orders.mark-paid', ...options })(Translation);

it.each(['billing', 'billing.invoice-paid', 'billing.*', '*.paid', 'billing.>', '>', 'leftfold.order.a%2Eb'])(
  'takes the subject %s',
  (subject) => {
    expect(() => decorate(subject)).not.toThrow();
  },
);

it.each(['', '.', 'billing.', '.billing', 'billing..paid', 'two words', 'billing.>.paid', 'billing.p*', 'billing>'])(
  'refuses the subject %j',
  (subject) => {
    expect(() => decorate(subject)).toThrow(/on Translation: write the subject as tokens/);
  },
);

it.each([{ concurrency: 0 }, { concurrency: 1.5 }, { concurrency: 501 }, { ackWait: 999 }, { ackWait: 3_600_001 }])(
  'refuses %j',
  (options) => {
    expect(() => decorate('billing', options)).toThrow(/must be a whole number .*from/);
  },
);
