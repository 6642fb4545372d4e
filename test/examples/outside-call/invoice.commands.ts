import { AggregateRepository } from '@leftfold/core';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type ChargeResult, Invoice } from './invoice.js';

export class IssueInvoiceCommand extends Command<void> {
  constructor(
    readonly invoiceId: string,
    readonly amount: number,
  ) {
    super();
  }
}

@CommandHandler(IssueInvoiceCommand)
export class IssueInvoiceHandler implements ICommandHandler<IssueInvoiceCommand> {
  constructor(private readonly aggregates: AggregateRepository) {}

  async execute({ invoiceId, amount }: IssueInvoiceCommand): Promise<void> {
    await this.aggregates.create(Invoice, Invoice.issue(invoiceId, amount));
  }
}

export class RecordChargeCommand extends Command<void> {
  constructor(
    readonly invoiceId: string,
    readonly result: ChargeResult,
  ) {
    super();
  }
}

@CommandHandler(RecordChargeCommand)
export class RecordChargeHandler implements ICommandHandler<RecordChargeCommand> {
  constructor(private readonly aggregates: AggregateRepository) {}

  async execute({ invoiceId, result }: RecordChargeCommand): Promise<void> {
    await this.aggregates.update(Invoice, invoiceId, (invoice) => invoice.recordCharge(result));
  }
}
