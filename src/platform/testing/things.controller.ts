import { ExpectedError, MessageContext } from '@leftfold/core';
import { ListQuery, Public, RefusesIdempotencyKey, UuidParam, Versioned } from '@leftfold/http';
import { Body, Controller, Delete, Get, Ip, Param, Post, Put, Query } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsArray, IsEmail, IsString, MaxLength, ValidateNested } from 'class-validator';
import { CurrentUser } from '../auth/current-user.decorator.js';
import { Roles } from '../auth/roles.decorator.js';
import type { SignedInUser } from '../auth/signed-in-user.js';

class LineDto {
  @IsString()
  readonly sku: string;
}

class ThingDto {
  @IsEmail()
  readonly email: string;

  @IsString()
  @MaxLength(10)
  readonly name: string;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => LineDto)
  readonly lines: LineDto[] = [];
}

class BusyError extends ExpectedError {
  readonly code = 'busy';
  readonly kind = 'unavailable';
  override readonly retryAfter = 0.2;
}

/** One route for every way in which the platform handles a request. */
@Controller('things')
export class ThingsController {
  /** Lets the requests to `slow` continue. */
  readonly held: (() => void)[] = [];

  constructor(private readonly context: MessageContext) {}

  @Public()
  @Post()
  create(@Body() thing: ThingDto): object {
    this.context.runCommand((scope) => scope.record({ position: 7, version: 3, repeated: false }));
    return { thing, origin: this.context.origin };
  }

  @Public()
  @Get()
  list(@Query() query: ListQuery): object {
    return { query, origin: this.context.origin };
  }

  @Public()
  @Put('failing')
  fail(): void {
    throw Object.assign(new Error('select secret from t'), { parameters: ['hunter2'] });
  }

  @Public()
  @Get('busy')
  busy(): void {
    throw new BusyError('Busy.');
  }

  @Public()
  @Post('session')
  @RefusesIdempotencyKey()
  session(): object {
    return {};
  }

  @Get('me')
  me(@CurrentUser() user: SignedInUser): object {
    return { user, actor: this.context.origin.actor };
  }

  @Get('signed-in')
  signedIn(): object {
    return {};
  }

  @Roles('operator')
  @Get('operators-only')
  operators(): object {
    return {};
  }

  @Public()
  @Get('address')
  address(@Ip() address: string): object {
    return { address };
  }

  @Public()
  @Get('slow')
  async slow(): Promise<object> {
    await new Promise<void>((goOn) => this.held.push(goOn));
    return { done: true };
  }

  @Public()
  @Versioned()
  @Get(':thingId')
  get(@Param('thingId', UuidParam) thingId: string): object {
    return { thingId, version: 4 };
  }

  @Public()
  @Delete(':thingId')
  delete(@Param('thingId', UuidParam) thingId: string): object {
    return { thingId, expectedVersion: this.context.origin.expectedVersion };
  }
}
