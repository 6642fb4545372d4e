import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Roles } from '../platform/auth/roles.decorator.js';
import { EventItem, eventItem } from '../platform/history/event-item.js';
import { ListEventsDto } from './queries/list-events/list-events.dto.js';
import { ListEventsQuery } from './queries/list-events/list-events.query.js';

class EventPage {
  @ApiProperty({ type: [EventItem] })
  readonly items: readonly EventItem[];

  @ApiProperty({ type: 'integer', nullable: true, description: 'What `after` is on the next page; null on the last.' })
  readonly nextCursor: number | null;
}

@ApiTags('audit')
@ApiBearerAuth()
@Controller('events')
@Roles('operator')
export class AuditController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOkResponse({ type: EventPage })
  async list(@Query() { after, limit }: ListEventsDto): Promise<EventPage> {
    const found = await this.queries.execute(new ListEventsQuery(after, limit + 1));
    const items = found.slice(0, limit).map(eventItem);
    return { items, nextCursor: found.length > limit ? items.at(-1)!.position : null };
  }
}
