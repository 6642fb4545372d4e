import { type MessageHandlerStatus, ReadsFrom } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';

/** A page of the handlers of messages, by name. It asks the broker. */
@ReadsFrom()
export class ListMessageHandlersQuery extends Query<MessageHandlerStatus[]> {
  constructor(
    readonly afterName: string | undefined,
    readonly limit: number,
  ) {
    super();
  }
}
