import { Module } from '@nestjs/common';
import { DeadLettersController } from './dead-letters.controller.js';
import { GoneSubscriptionsController } from './gone-subscriptions.controller.js';
import { GetDeadLetterHandler } from './queries/get-dead-letter/get-dead-letter.handler.js';
import { GetSubscriptionHandler } from './queries/get-subscription/get-subscription.handler.js';
import { ListDeadLettersHandler } from './queries/list-dead-letters/list-dead-letters.handler.js';
import { ListGoneSubscriptionsHandler } from './queries/list-gone-subscriptions/list-gone-subscriptions.handler.js';
import { ListSubscriptionsHandler } from './queries/list-subscriptions/list-subscriptions.handler.js';
import { SubscriptionsController } from './subscriptions.controller.js';

/** What follows the log, and what it could not handle, for operators to watch and steer. Nothing here appends. */
@Module({
  controllers: [SubscriptionsController, GoneSubscriptionsController, DeadLettersController],
  providers: [
    ListSubscriptionsHandler,
    ListGoneSubscriptionsHandler,
    GetSubscriptionHandler,
    ListDeadLettersHandler,
    GetDeadLetterHandler,
  ],
})
export class OperationsModule {}
