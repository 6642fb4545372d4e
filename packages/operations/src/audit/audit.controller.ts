import { EventRegistry } from '@leftfold/core';
import { eventItem } from '@leftfold/http';
import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { eventPage, EventPageAnswer } from './event-page.answer.js';
import { filterOf } from './queries/event-filter.dto.js';
import { ListEventsDto } from './queries/list-events/list-events.dto.js';
import { ListEventsQuery } from './queries/list-events/list-events.query.js';
import { OperatorsOnly } from '../access/operators-only.decorator.js';

@ApiTags('audit')
@OperatorsOnly()
@Controller('events')
export class AuditController {
  constructor(
    private readonly queries: QueryBus,
    private readonly events: EventRegistry,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'List the log',
    description: 'Events in the order of the log. `after` is the position to continue after.',
  })
  @ApiOkResponse({ type: EventPageAnswer })
  async list(@Query() { after, limit, ...filter }: ListEventsDto): Promise<EventPageAnswer> {
    const found = await this.queries.execute(new ListEventsQuery(filterOf(filter, this.events), after, limit + 1));
    return eventPage(found.map(eventItem), limit, 'position');
  }
}
