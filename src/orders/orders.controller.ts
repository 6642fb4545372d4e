import { streamOf } from '@leftfold/core';
import {
  ApiPage,
  ApiProblems,
  AwaitOutcome,
  decodeCursor,
  encodeCursor,
  EventItem,
  eventItem,
  isVersion,
  ListQuery,
  momentOf,
  MomentQuery,
  type Page,
  pageOf,
  UuidParam,
  Versioned,
} from '@leftfold/http';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import { v7 as uuidv7 } from 'uuid';
import { CurrentUser } from '../platform/auth/current-user.decorator.js';
import { Roles } from '../platform/auth/roles.decorator.js';
import type { SignedInUser } from '../platform/auth/signed-in-user.js';
import { CancelOrderCommand } from './commands/cancel-order/cancel-order.command.js';
import { CancelOrderDto } from './commands/cancel-order/cancel-order.dto.js';
import { PayOrderCommand } from './commands/pay-order/pay-order.command.js';
import { PayOrderDto } from './commands/pay-order/pay-order.dto.js';
import { PlaceOrderCommand } from './commands/place-order/place-order.command.js';
import { PlaceOrderDto } from './commands/place-order/place-order.dto.js';
import { isOrderId } from './cursors.js';
import { Order } from './domain/order.aggregate.js';
import { OrderConfirmed } from './events/order-confirmed.event.js';
import { OrderRejected } from './events/order-rejected.event.js';
import { OrderAccess, refuseUnlessOwnerOrOperator } from './order-access.js';
import { isWithoutItsReason, OrderAnswer, orderAnswer, OrderIdAnswer } from './order.answer.js';
import { GetOrderQuery } from './queries/get-order/get-order.query.js';
import { GetOrderAtQuery } from './queries/get-order-at/get-order-at.query.js';
import { ListOrderHistoryQuery } from './queries/list-order-history/list-order-history.query.js';
import { ListOrdersDto } from './queries/list-orders/list-orders.dto.js';
import { ListOrdersQuery } from './queries/list-orders/list-orders.query.js';

@ApiTags('orders')
@ApiBearerAuth()
@Controller('orders')
export class OrdersController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly access: OrderAccess,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Place an order',
    description:
      'For customers. The stock is reserved afterwards, and the order then awaits payment or is rejected. Answers at once, unless `Prefer: wait` asks to wait for that.',
  })
  @Roles('customer')
  @AwaitOutcome({
    events: [OrderConfirmed, OrderRejected],
    of: ({ orderId }: OrderIdAnswer) => streamOf(Order, orderId),
    location: ({ orderId }: OrderIdAnswer) => `/orders/${orderId}`,
    query: ({ orderId }: OrderIdAnswer) => new GetOrderQuery(orderId),
    answer: orderAnswer,
  })
  @ApiExtraModels(OrderIdAnswer, OrderAnswer)
  @ApiCreatedResponse({
    description: 'The id; with `Prefer: wait`, the order as it is once it awaits payment or is rejected.',
    schema: { anyOf: [{ $ref: getSchemaPath(OrderIdAnswer) }, { $ref: getSchemaPath(OrderAnswer) }] },
  })
  @ApiAcceptedResponse({ type: OrderIdAnswer })
  @ApiProblems('unprocessable', 'unknown-product', 'mixed-currencies')
  @ApiProblems('throttled', 'too-many-requests')
  place(@CurrentUser() { userId }: SignedInUser, @Body() { lines }: PlaceOrderDto): Promise<OrderIdAnswer> {
    const ordered = lines.map(({ sku, quantity }) => ({ sku, quantity }));
    return this.commands.execute(new PlaceOrderCommand(uuidv7(), userId, ordered, new Date()));
  }

  @Get()
  @ApiOperation({ summary: 'List orders', description: 'Your own orders; for operators all of them.' })
  @ApiPage(OrderAnswer)
  async list(
    @CurrentUser() { userId, operates }: SignedInUser,
    @Query() { limit, cursor, status }: ListOrdersDto,
  ): Promise<Page<OrderAnswer>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, isOrderId);
    const filter = { status, ...(operates ? {} : { customerId: userId }) };
    const found = await this.queries.execute(new ListOrdersQuery(filter, after, limit + 1));
    return pageOf(found.map(orderAnswer), limit, ({ orderId }) => encodeCursor(orderId));
  }

  @Get(':orderId')
  @ApiOperation({
    summary: 'Look an order up',
    description: 'For its customer and for operators: now, or at a version or moment of the past.',
  })
  @Versioned<OrderAnswer>({ mayHaveChanged: isWithoutItsReason })
  @ApiOkResponse({ type: OrderAnswer })
  @ApiProblems('not-found', 'order-not-found', 'version-not-found')
  async get(
    @CurrentUser() caller: SignedInUser,
    @Param('orderId', UuidParam) orderId: string,
    @Query() query: MomentQuery,
  ): Promise<OrderAnswer> {
    const moment = momentOf(query);
    if (moment) await this.access.check(caller, orderId);
    const asked = moment ? new GetOrderAtQuery(orderId, moment) : new GetOrderQuery(orderId);
    const order = await this.queries.execute(asked);
    refuseUnlessOwnerOrOperator(caller, order.customerId, orderId);
    return orderAnswer(order);
  }

  @Get(':orderId/history')
  @ApiOperation({
    summary: "List an order's history",
    description: 'For its customer and for operators: every event of the order, oldest first.',
  })
  @ApiPage(EventItem)
  @ApiProblems('not-found', 'order-not-found')
  async listHistory(
    @CurrentUser() caller: SignedInUser,
    @Param('orderId', UuidParam) orderId: string,
    @Query() { limit, cursor }: ListQuery,
  ): Promise<Page<EventItem>> {
    await this.access.check(caller, orderId);
    const after = cursor === undefined ? 0 : decodeCursor(cursor, isVersion);
    const found = await this.queries.execute(new ListOrderHistoryQuery(orderId, after, limit + 1));
    return pageOf(found.map(eventItem), limit, ({ version }) => encodeCursor(version));
  }

  /** Operators act as the payment provider. */
  @Post(':orderId/payment')
  @ApiOperation({
    summary: 'Record a payment',
    description: 'For operators, who act as the payment provider. The same reference again changes nothing.',
  })
  @HttpCode(200)
  @Roles('operator')
  @ApiOkResponse({ type: OrderIdAnswer })
  @ApiProblems('not-found', 'order-not-found')
  @ApiProblems(
    'broken-rule',
    'order-cancelled',
    'order-expired',
    'order-rejected',
    'order-not-awaiting-payment',
    'payment-reference-differs',
  )
  @ApiProblems('version-conflict', 'version-conflict')
  pay(@Param('orderId', UuidParam) orderId: string, @Body() { reference }: PayOrderDto): Promise<OrderIdAnswer> {
    return this.commands.execute(new PayOrderCommand(orderId, reference));
  }

  @Post(':orderId/cancellation')
  @ApiOperation({
    summary: 'Cancel an order',
    description: 'For its customer and for operators, before the payment. The stock is released afterwards.',
  })
  @HttpCode(200)
  @ApiOkResponse({ type: OrderIdAnswer })
  @ApiProblems('not-found', 'order-not-found')
  @ApiProblems('broken-rule', 'order-already-paid', 'order-expired', 'order-rejected')
  @ApiProblems('version-conflict', 'version-conflict')
  async cancel(
    @CurrentUser() caller: SignedInUser,
    @Param('orderId', UuidParam) orderId: string,
    @Body() { reason }: CancelOrderDto,
  ): Promise<OrderIdAnswer> {
    await this.access.check(caller, orderId);
    return this.commands.execute(new CancelOrderCommand(orderId, reason));
  }
}
