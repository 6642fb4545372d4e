import { type SchedulePlace, Schedules } from '@leftfold/core';
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
  UuidParam,
} from '@leftfold/http';
import { Body, Controller, Delete, Get, Logger, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { validate } from 'uuid';
import { OperatorsOnly } from '../access/operators-only.decorator.js';
import { CancelScheduleDto } from './cancel-schedule.dto.js';
import { ListSchedulesQuery } from './queries/list-schedules/list-schedules.query.js';
import { ScheduleAnswer, scheduleAnswer, ScheduleIdAnswer } from './schedule.answer.js';

/** Not a command: a cancelled schedule is deleted from the outbox, and no event is appended. */
@ApiTags('operations')
@OperatorsOnly()
@Controller('schedules')
export class SchedulesController {
  private readonly logger = new Logger('Operations');

  constructor(
    private readonly queries: QueryBus,
    private readonly schedules: Schedules,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'List schedules',
    description: 'Commands that sagas have scheduled and that have not begun, by due time.',
  })
  @ApiPage(ScheduleAnswer)
  async list(@Query() { limit, cursor }: ListQuery): Promise<Page<ScheduleAnswer>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, isPlace);
    const found = await this.queries.execute(new ListSchedulesQuery(after, limit + 1));
    return pageOf(found.map(scheduleAnswer), limit, ({ dueAt, id }) => encodeCursor([Date.parse(dueAt), id]));
  }

  @Delete(':id')
  @ApiOperation({
    summary: 'Cancel a schedule',
    description:
      'For good, unless its command has begun. The saga is not told; the log of the application keeps the reason.',
  })
  @OutsideTheBuses()
  @ApiOkResponse({ type: ScheduleIdAnswer })
  @ApiProblems('not-found', 'schedule-not-found')
  async cancel(
    @CurrentCaller() { userId }: Caller,
    @Param('id', UuidParam) id: string,
    @Body() { reason }: CancelScheduleDto,
  ): Promise<ScheduleIdAnswer> {
    const { saga, command, key } = await this.schedules.cancel(id);
    this.logger.log(`${userId} cancelled the schedule ${id} (${command} of ${saga}, key ${key}): ${reason}`);
    return { id };
  }
}

/** A due time that a Date can hold, and an id. */
function isPlace(value: unknown): value is SchedulePlace {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [dueAt, id] = value as unknown[];
  return Number.isInteger(dueAt) && Math.abs(dueAt as number) <= 8.64e15 && typeof id === 'string' && validate(id);
}
