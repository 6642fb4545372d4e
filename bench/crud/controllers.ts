import { UuidParam, Versioned } from '@leftfold/http';
import {
  Body,
  ConflictException,
  Controller,
  ForbiddenException,
  Get,
  HttpCode,
  NotFoundException,
  Param,
  Post,
  Put,
  Req,
} from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { Repository } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { OrderRow, UserRow } from './rows.js';

/** Says who asks: each application has a guard of its own. */
export abstract class Callers {
  abstract idOf(request: FastifyRequest): string;
}

class UsernameDto {
  @IsString()
  @MaxLength(64)
  @Matches(/^\S(.*\S)?$/)
  username: string;
}

class OrderLineDto {
  @Matches(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)
  sku: string;

  @IsInt()
  @Min(1)
  @Max(10_000)
  quantity: number;
}

class OrderDto {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => OrderLineDto)
  lines: OrderLineDto[];
}

@Controller('users')
export class UsersController {
  constructor(
    @InjectRepository(UserRow) private readonly users: Repository<UserRow>,
    private readonly callers: Callers,
  ) {}

  @Get(':userId')
  @Versioned()
  async get(@Req() request: FastifyRequest, @Param('userId', UuidParam) userId: string) {
    const { usernameKey: _, ...answer } = await this.own(request, userId);
    return answer;
  }

  @Put(':userId/username')
  async changeUsername(
    @Req() request: FastifyRequest,
    @Param('userId', UuidParam) userId: string,
    @Body() { username }: UsernameDto,
  ) {
    const user = await this.own(request, userId);
    const usernameKey = username.toLowerCase();
    const holder = await this.users.findOneBy({ usernameKey });
    if (holder && holder.userId !== userId) throw new ConflictException('This user name is taken.');
    // One statement is one transaction. TypeORM's own would share SQLite's only connection with other requests.
    await this.users.save(Object.assign(user, { username, usernameKey, version: user.version + 1 }), {
      transaction: false,
    });
    return { userId };
  }

  private async own(request: FastifyRequest, userId: string): Promise<UserRow> {
    if (this.callers.idOf(request) !== userId) throw new ForbiddenException();
    const user = await this.users.findOneBy({ userId });
    if (!user) throw new NotFoundException();
    return user;
  }
}

@Controller('orders')
export class OrdersController {
  constructor(
    @InjectRepository(OrderRow) private readonly orders: Repository<OrderRow>,
    private readonly callers: Callers,
  ) {}

  @Post()
  @HttpCode(202)
  async place(@Req() request: FastifyRequest, @Body() { lines }: OrderDto) {
    const orderId = uuidv7();
    const order = {
      orderId,
      customerId: this.callers.idOf(request),
      lines,
      status: 'placed',
      placedAt: new Date().toISOString(),
    };
    await this.orders.save(order, { transaction: false });
    return { orderId };
  }
}
