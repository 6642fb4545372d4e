import { MessageHandlers, type MessageHandlerStatus } from '@leftfold/core';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { ListMessageHandlersQuery } from './list-message-handlers.query.js';

@QueryHandler(ListMessageHandlersQuery)
export class ListMessageHandlersHandler implements IQueryHandler<ListMessageHandlersQuery> {
  constructor(private readonly handlers: MessageHandlers) {}

  async execute({ afterName = '', limit }: ListMessageHandlersQuery): Promise<MessageHandlerStatus[]> {
    return (await this.handlers.list()).filter(({ name }) => name > afterName).slice(0, limit);
  }
}
