import { ApiPage, decodeCursor, encodeCursor, ListQuery, type Page, pageOf } from '@leftfold/http';
import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { OperatorsOnly } from '../access/operators-only.decorator.js';
import { isName } from '../subscriptions/cursors.js';
import { MessageHandlerAnswer, messageHandlerAnswer } from './message-handler.answer.js';
import { ListMessageHandlersQuery } from './queries/list-message-handlers/list-message-handlers.query.js';

@ApiTags('operations')
@OperatorsOnly()
@Controller('message-handlers')
export class MessageHandlersController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({
    summary: 'List handlers of messages',
    description: 'Whether messages of the broker arrive, how many wait there, and what stops them; by name.',
  })
  @ApiPage(MessageHandlerAnswer)
  async list(@Query() { limit, cursor }: ListQuery): Promise<Page<MessageHandlerAnswer>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, isName);
    const found = await this.queries.execute(new ListMessageHandlersQuery(after, limit + 1));
    return pageOf(found.map(messageHandlerAnswer), limit, ({ name }) => encodeCursor(name));
  }
}
