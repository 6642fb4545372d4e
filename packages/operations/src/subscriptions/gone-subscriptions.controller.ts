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
import { Body, Controller, Delete, Get, HttpCode, Logger, Param, Post, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { isName } from './cursors.js';
import { GoneSubscriptionAnswer, goneSubscriptionAnswer } from './gone-subscription.answer.js';
import { MoveGoneSubscriptionDto } from './move-gone-subscription.dto.js';
import { ListGoneSubscriptionsQuery } from './queries/list-gone-subscriptions/list-gone-subscriptions.query.js';
import { SubscriptionNameAnswer } from './subscription.answer.js';
import { OperatorsOnly } from '../access/operators-only.decorator.js';

/** Not a command: remaining work is moved or deleted, and no event is appended. */
@ApiTags('operations')
@OperatorsOnly()
@Controller('gone-subscriptions')
export class GoneSubscriptionsController {
  private readonly logger = new Logger('Operations');

  constructor(
    private readonly queries: QueryBus,
    private readonly subscriptions: Subscriptions,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'List what is left of gone subscriptions',
    description: 'Positions, dead letters and commands of side effects and sagas that no program has any more.',
  })
  @ApiPage(GoneSubscriptionAnswer)
  async list(@Query() { limit, cursor }: ListQuery): Promise<Page<GoneSubscriptionAnswer>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, isName);
    const found = await this.queries.execute(new ListGoneSubscriptionsQuery(after, limit + 1));
    return pageOf(found.map(goneSubscriptionAnswer), limit, ({ name }) => encodeCursor(name));
  }

  @Post(':name/move')
  @ApiOperation({
    summary: 'Move what is left to a successor',
    description: 'The successor goes on where the gone subscription stopped.',
  })
  @OutsideTheBuses()
  @HttpCode(200)
  @ApiOkResponse({ type: SubscriptionNameAnswer })
  @ApiProblems('not-found', 'subscription-not-found')
  @ApiProblems('broken-rule', 'subscription-not-gone', 'subscription-in-use', 'unfit-successor')
  async move(
    @CurrentCaller() { userId }: Caller,
    @Param('name') name: string,
    @Body() { successor }: MoveGoneSubscriptionDto,
  ): Promise<SubscriptionNameAnswer> {
    await this.subscriptions.moveGone(name, successor);
    this.logger.log(`${userId} moved the remaining work of ${name} to ${successor}.`);
    return { name: successor };
  }

  @Delete(':name')
  @TakesNoBody()
  @ApiOperation({
    summary: 'Discard what is left',
    description: 'Deletes the position, dead letters and commands of a gone subscription.',
  })
  @OutsideTheBuses()
  @ApiOkResponse({ type: SubscriptionNameAnswer })
  @ApiProblems('not-found', 'subscription-not-found')
  @ApiProblems('broken-rule', 'subscription-not-gone', 'subscription-in-use')
  async discard(@CurrentCaller() { userId }: Caller, @Param('name') name: string): Promise<SubscriptionNameAnswer> {
    await this.subscriptions.discardGone(name);
    this.logger.log(`${userId} discarded the remaining work of ${name}.`);
    return { name };
  }
}
