import { Subscriptions } from '@leftfold/core';
import {
  ApiPage,
  ApiProblems,
  type Caller,
  CurrentCaller,
  decodeCursor,
  encodeCursor,
  ListQuery,
  OutsideTheBuses,
  type Page,
  pageOf,
  TakesNoBody,
} from '@leftfold/http';
import { Controller, Get, HttpCode, Logger, Param, Post, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
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
  @ApiOperation({
    summary: 'List subscriptions',
    description: 'Read models, side effects and sagas: where they are in the log, and what stops them.',
  })
  @ApiPage(SubscriptionAnswer)
  async list(@Query() { limit, cursor }: ListQuery): Promise<Page<SubscriptionAnswer>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, isName);
    const found = await this.queries.execute(new ListSubscriptionsQuery(after, limit + 1));
    return pageOf(found.map(subscriptionAnswer), limit, ({ name }) => encodeCursor(name));
  }

  @Get(':name')
  @ApiOperation({
    summary: 'Look a subscription up',
    description: 'Its state, position, owner and last error; for a read model also the progress of a rebuild.',
  })
  @ApiOkResponse({ type: SubscriptionAnswer })
  @ApiProblems('not-found', 'subscription-not-found')
  async get(@Param('name') name: string): Promise<SubscriptionAnswer> {
    return subscriptionAnswer(await this.queries.execute(new GetSubscriptionQuery(name)));
  }

  @Post(':name/rebuild')
  @TakesNoBody()
  @ApiOperation({
    summary: 'Rebuild a read model',
    description: 'Fills new tables from the log while the old ones serve, then takes their place.',
  })
  @OutsideTheBuses()
  @HttpCode(202)
  @ApiAcceptedResponse({ type: SubscriptionNameAnswer })
  @ApiProblems('not-found', 'subscription-not-found')
  @ApiProblems('broken-rule', 'not-a-read-model')
  async rebuild(@CurrentCaller() caller: Caller, @Param('name') name: string): Promise<SubscriptionNameAnswer> {
    await this.subscriptions.rebuild(name);
    return this.accepted(caller, 'rebuild', name);
  }

  @Post(':name/pause')
  @TakesNoBody()
  @ApiOperation({
    summary: 'Pause a subscription',
    description: 'It stops after the batch under way and keeps its position.',
  })
  @OutsideTheBuses()
  @HttpCode(202)
  @ApiAcceptedResponse({ type: SubscriptionNameAnswer })
  @ApiProblems('not-found', 'subscription-not-found')
  async pause(@CurrentCaller() caller: Caller, @Param('name') name: string): Promise<SubscriptionNameAnswer> {
    await this.subscriptions.pause(name);
    return this.accepted(caller, 'pause', name);
  }

  @Post(':name/resume')
  @TakesNoBody()
  @ApiOperation({ summary: 'Resume a subscription', description: 'It goes on where it stopped, also after an error.' })
  @OutsideTheBuses()
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
