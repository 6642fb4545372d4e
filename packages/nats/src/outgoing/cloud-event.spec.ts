import type { RecordedEvent } from '@leftfold/core';
import { cloudEventOf } from './cloud-event.js';

const EVENT = {
  position: 42,
  stream: 'order-a.b',
  version: 3,
  eventId: '0192f0c1-8a3b-7def-8000-0123456789ab',
  type: 'orders.order-paid',
  schemaVersion: 2,
  dataText: '{"amount":1.10,"note":"\\u0000 ok"}',
  metadata: { actor: 'ann', correlationId: 'c-1', causationId: 'e-1', custom: { tenant: 'x' } },
  recordedAt: new Date('2026-11-26T12:00:00.123Z'),
} as unknown as RecordedEvent;

it('is a CloudEvent with the attributes of the event, and without its actor', () => {
  expect(JSON.parse(cloudEventOf(EVENT, '/shop'))).toEqual({
    specversion: '1.0',
    id: EVENT.eventId,
    source: '/shop',
    type: 'orders.order-paid',
    subject: 'order-a.b',
    time: '2026-11-26T12:00:00.123Z',
    datacontenttype: 'application/json',
    sequence: '0000000000000042',
    streamversion: 3,
    schemaversion: 2,
    correlationid: 'c-1',
    causationid: 'e-1',
    data: { amount: 1.1, note: '\0 ok' },
  });
});

it('keeps the text of the data as it is stored', () => {
  expect(cloudEventOf(EVENT, '/shop')).toContain(`,"data":${EVENT.dataText}}`);
});
