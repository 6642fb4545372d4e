import { Inject } from '@nestjs/common';
import { CommandHandler } from '@nestjs/cqrs';
import { Decisions, DomainEvent, EventSourcingModule } from '@leftfold/core';
import { type CloudEvent, IntegrationEventHandler, NatsModule } from '../../src/index.js';

@DomainEvent('payments.payment-recorded')
class PaymentRecorded {
  declare readonly type: 'payments.payment-recorded';
  constructor(readonly paymentId: string) {}
}

class RecordPaymentCommand {
  constructor(readonly paymentId: string) {}
}

/** Called before each command. */
export const beforeCommand: { call: () => void } = { call: () => undefined };

@CommandHandler(RecordPaymentCommand)
class RecordPaymentHandler {
  @Inject(Decisions) private readonly decisions: Decisions;

  execute({ paymentId }: RecordPaymentCommand): Promise<void> {
    beforeCommand.call();
    return this.decisions.decide({}, (_, changes) => changes.append('payment-all', new PaymentRecorded(paymentId)));
  }
}

/** Stores an event for each message of the subject. */
export function recordedPayments(subject: string) {
  class RecordPayment {
    toCommand({ data }: CloudEvent): RecordPaymentCommand {
      return new RecordPaymentCommand((data as { paymentId: string }).paymentId);
    }
  }
  const options = { name: 'payments.record', startAt: 'beginning', concurrency: 4, ackWait: 1_000 } as const;
  IntegrationEventHandler(subject, options)(RecordPayment);
  return {
    imports: [EventSourcingModule.forFeature({ events: [PaymentRecorded] })],
    providers: [RecordPaymentHandler, RecordPayment],
  };
}

/** The same with the servers of the messages. It publishes nothing. */
export function paymentsFrom(servers: readonly string[], prefix: string, subject: string) {
  const { imports, providers } = recordedPayments(subject);
  const nats = NatsModule.forRoot({ servers, subjectPrefix: `of_${prefix}`, categories: [], timeout: 1_000 });
  return { imports: [...imports, nats], providers };
}
