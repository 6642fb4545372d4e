import 'reflect-metadata';
import { EventSourcingModule, type EventSourcingOptions } from '@leftfold/core';
import { type INestApplicationContext, Module, type ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Target } from '../contract.js';
import { Account, PaymentBooked } from './account.js';
import {
  AccountRow,
  AccountRows,
  CountryMonthRow,
  CountryMonthRows,
  CreatePaymentRows1750000100000,
  ProductRow,
  ProductRows,
} from './payment-rows.js';
import { urlOf } from './target-url.js';

/** A small application without HTTP. Read models only when they are asked for. */
export async function startKernel(
  target: Target,
  options: Partial<EventSourcingOptions>,
  { readModels = false, extra = {} }: { readModels?: boolean; extra?: ModuleMetadata } = {},
): Promise<INestApplicationContext> {
  class AccountsModule {}
  Module({
    imports: [
      EventSourcingModule.forFeature({
        aggregates: [Account],
        events: [PaymentBooked],
        ...(readModels
          ? {
              readModels: [AccountRow, ProductRow, CountryMonthRow],
              migrations: { views: [CreatePaymentRows1750000100000] },
            }
          : {}),
      }),
      ...(extra.imports ?? []),
    ],
    providers: [...(readModels ? [AccountRows, ProductRows, CountryMonthRows] : []), ...(extra.providers ?? [])],
  })(AccountsModule);
  class BenchModule {}
  Module({ imports: [EventSourcingModule.forRoot({ url: urlOf(target), ...options }), AccountsModule] })(BenchModule);
  return NestFactory.createApplicationContext(BenchModule, { logger: ['error', 'warn'], abortOnError: false });
}
