import { EventSourcingModule, MessageContext, type Origin } from '@leftfold/core';
import { type INestApplicationContext, Module, type Type } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Command, Query } from '@nestjs/cqrs';
import { NestFactory } from '@nestjs/core';

@Module({})
class TenantModule {}

export class UnknownTenantError extends Error {
  constructor(tenant: string) {
    super(`There is no tenant "${tenant}".`);
    this.name = 'UnknownTenantError';
  }
}

/**
 * The logs of all tenants, one each, in one process. Each tenant is an application context of its own: a log, read models, subscriptions
 * and connections. It is opened when it is first used.
 */
export class Tenants {
  private readonly opened = new Map<string, Promise<INestApplicationContext>>();

  /** @param urlOf the database of a tenant; undefined when there is no such tenant */
  constructor(
    private readonly urlOf: (tenant: string) => string | undefined,
    private readonly features: readonly Type[],
  ) {}

  /** @throws UnknownTenantError, and what a command throws */
  async execute<R>(tenant: string, origin: Origin, command: Command<R>): Promise<R> {
    const app = await this.of(tenant);
    return app
      .get(MessageContext, { strict: false })
      .run(origin, () => app.get(CommandBus, { strict: false }).execute(command));
  }

  /** @param origin its `minPosition` is one of this tenant's log */
  async ask<R>(tenant: string, origin: Origin, query: Query<R>): Promise<R> {
    const app = await this.of(tenant);
    return app
      .get(MessageContext, { strict: false })
      .run(origin, () => app.get(QueryBus, { strict: false }).execute(query));
  }

  /** The tenant's application. */
  of(tenant: string): Promise<INestApplicationContext> {
    const known = this.opened.get(tenant);
    if (known) return known;
    const opening = this.open(tenant);
    this.opened.set(tenant, opening);
    // A tenant that could not be opened is tried again at its next use.
    opening.catch(() => this.opened.delete(tenant));
    return opening;
  }

  async close(): Promise<void> {
    const all = await Promise.allSettled(this.opened.values());
    this.opened.clear();
    await Promise.all(all.flatMap((each) => (each.status === 'fulfilled' ? [each.value.close()] : [])));
  }

  private async open(tenant: string): Promise<INestApplicationContext> {
    const url = this.urlOf(tenant);
    if (url === undefined) throw new UnknownTenantError(tenant);
    const imports = [EventSourcingModule.forRoot({ url }), ...this.features];
    return NestFactory.createApplicationContext(
      { module: TenantModule, imports },
      { abortOnError: false, logger: false },
    );
  }
}
