import { Subscriptions } from '@leftfold/core';
import {
  ApiPage,
  ApiProblems,
  type Caller,
  CurrentCaller,
  decodeCursor,
  encodeCursor,
  ListQuery,
  type Page,
  pageOf,
} from '@leftfold/http';
import { Controller, Get, HttpCode, Logger, Param, Post, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiAcceptedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { isName } from './cursors.js';
import { GetSubscriptionQuery } from './queries/get-subscription/get-subscription.query.js';
import { ListSubscriptionsQuery } from './queries/list-subscriptions/list-subscriptions.query.js';
import { SubscriptionAnswer, subscriptionAnswer, SubscriptionNameAnswer } from './subscription.answer.js';
import { OperatorsOnly } from '../access/operators-only.decorator.js';

/**
 * Not commands, because nothing is appended: a request is written to the subscription's row of state, and the process that
 * runs the subscription carries it out. So no event says who asked; the application's log does.
 */
@ApiTags('operations')
@OperatorsOnly()
@Controller('subscriptions')
export class SubscriptionsController {
  private readonly logger = new Logger('Operations');

  constructor(
    private readonly queries: QueryBus,
    private readonly subscriptions: Subscriptions,
  ) {}

  @Get()
  @ApiPage(SubscriptionAnswer)
  async list(@Query() { limit, cursor }: ListQuery): Promise<Page<SubscriptionAnswer>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, isName);
    const found = await this.queries.execute(new ListSubscriptionsQuery(after, limit + 1));
    return pageOf(found.map(subscriptionAnswer), limit, ({ name }) => encodeCursor(name));
  }

  @Get(':name')
  @ApiOkResponse({ type: SubscriptionAnswer })
  @ApiProblems('not-found', 'subscription-not-found')
  async get(@Param('name') name: string): Promise<SubscriptionAnswer> {
    return subscriptionAnswer(await this.queries.execute(new GetSubscriptionQuery(name)));
  }

  @Post(':name/rebuild')
  @HttpCode(202)
  @ApiAcceptedResponse({ type: SubscriptionNameAnswer })
  @ApiProblems('not-found', 'subscription-not-found')
  @ApiProblems('broken-rule', 'not-a-read-model')
  async rebuild(@CurrentCaller() caller: Caller, @Param('name') name: string): Promise<SubscriptionNameAnswer> {
    await this.subscriptions.rebuild(name);
    return this.accepted(caller, 'rebuild', name);
  }

  @Post(':name/pause')
  @HttpCode(202)
  @ApiAcceptedResponse({ type: SubscriptionNameAnswer })
  @ApiProblems('not-found', 'subscription-not-found')
  async pause(@CurrentCaller() caller: Caller, @Param('name') name: string): Promise<SubscriptionNameAnswer> {
    await this.subscriptions.pause(name);
    return this.accepted(caller, 'pause', name);
  }

  @Post(':name/resume')
  @HttpCode(202)
  @ApiAcceptedResponse({ type: SubscriptionNameAnswer })
  @ApiProblems('not-found', 'subscription-not-found')
  async resume(@CurrentCaller() caller: Caller, @Param('name') name: string): Promise<SubscriptionNameAnswer> {
    await this.subscriptions.resume(name);
    return this.accepted(caller, 'resume', name);
  }

  private accepted({ userId }: Caller, action: string, name: string): SubscriptionNameAnswer {
    this.logger.log(`${userId} asked to ${action} ${name}.`);
    return { name };
  }
}
