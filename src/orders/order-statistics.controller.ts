import { ExpectedError } from '@leftfold/core';
import { ApiProblems, UuidParam } from '@leftfold/http';
import { Controller, Get, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { AccessDirectory } from '../platform/auth/access-directory.js';
import { CurrentUser } from '../platform/auth/current-user.decorator.js';
import type { SignedInUser } from '../platform/auth/signed-in-user.js';
import { MoneyAnswer } from '../platform/money/money.answer.js';
import { exactAmount } from '../platform/money/exact-amount.js';
import { GetOrderStatisticsQuery } from './queries/get-order-statistics/get-order-statistics.query.js';

class OrderStatisticsAnswer {
  @ApiProperty({ format: 'uuid' })
  readonly userId: string;

  @ApiProperty({ type: 'integer', description: 'Orders that were placed, in any state.' })
  readonly orders: number;

  @ApiProperty({ type: 'integer' })
  readonly paidOrders: number;

  @ApiProperty({ type: [MoneyAnswer], description: 'One for each currency.' })
  readonly paidTotals: readonly MoneyAnswer[];
}

/** For anyone else a customer does not exist. */
class CustomerNotFoundError extends ExpectedError {
  readonly code = 'user-not-found';
  readonly kind = 'not-found';
}

@ApiTags('orders')
@ApiBearerAuth()
@Controller('users/:userId/order-statistics')
export class OrderStatisticsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly users: AccessDirectory,
  ) {}

  @Get()
  @ApiOperation({
    summary: "Look a customer's statistics up",
    description: 'For the customer and for operators: how many orders, and what was paid in each currency.',
  })
  @ApiOkResponse({ type: OrderStatisticsAnswer })
  @ApiProblems('not-found', 'user-not-found')
  async get(
    @CurrentUser() caller: SignedInUser,
    @Param('userId', UuidParam) customerId: string,
  ): Promise<OrderStatisticsAnswer> {
    if (caller.userId !== customerId && !caller.operates) {
      throw new CustomerNotFoundError(`There is no user ${customerId}.`);
    }
    const { userId, orders, paidOrders, paidTotals } = await this.queries.execute(
      new GetOrderStatisticsQuery(customerId),
    );
    if (orders === 0 && !(await this.users.find(customerId, 0))) {
      throw new CustomerNotFoundError(`There is no user ${customerId}.`);
    }
    const totals = paidTotals.map(({ amount, currency }) => ({ amount: exactAmount(amount), currency }));
    return { userId, orders, paidOrders, paidTotals: totals };
  }
}
