import {
  type EventContext,
  MessageContext,
  originOfEffect,
  Retry,
  SideEffect,
  type SideEffectHandler,
} from '@leftfold/core';
import { CommandBus, EventsHandler } from '@nestjs/cqrs';
import { type ChargeResult, InvoiceIssued } from './invoice.js';
import { RecordChargeCommand } from './invoice.commands.js';

/** The outside. A repeat with the same key must have the effect once, and answer what the first one answered. */
export abstract class PaymentProvider {
  /** @throws Error when it can't be reached, or its answer is lost */
  abstract charge(idempotencyKey: string, amount: number): Promise<ChargeResult>;
}

export const COLLECT_PAYMENT = 'invoices.collect-payment';

/** Charges the customer for each invoice, and feeds the result back as a command. */
@Retry({ attempts: 3, backoff: { first: 5, longest: 20 } })
@SideEffect({ name: COLLECT_PAYMENT, startAt: 'beginning' })
@EventsHandler(InvoiceIssued)
export class CollectPaymentHandler implements SideEffectHandler<InvoiceIssued> {
  constructor(
    private readonly provider: PaymentProvider,
    private readonly context: MessageContext,
    private readonly commands: CommandBus,
  ) {}

  async handle({ invoiceId, amount }: InvoiceIssued, event: EventContext): Promise<void> {
    // The event's id is the same on every delivery, so the provider charges once.
    const result = await this.provider.charge(event.eventId, amount);
    // The command's id is derived from it, so the result is stored once.
    await this.context.run(originOfEffect(COLLECT_PAYMENT, event), () =>
      this.commands.execute(new RecordChargeCommand(invoiceId, result)),
    );
  }
}
