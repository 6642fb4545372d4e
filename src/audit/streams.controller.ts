import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import { Roles } from '../platform/auth/roles.decorator.js';
import { eventItem } from '../platform/history/event-item.js';
import { ApiProblems } from '../platform/http/docs/api-problems.js';
import { eventPage, EventPageAnswer } from './event-page.answer.js';
import { ListStreamDto } from './queries/list-stream/list-stream.dto.js';
import { ListStreamQuery } from './queries/list-stream/list-stream.query.js';

@ApiTags('audit')
@ApiBearerAuth()
@Controller('streams')
@Roles('operator')
export class StreamsController {
  constructor(private readonly queries: QueryBus) {}

  @Get(':stream')
  @ApiParam({ name: 'stream', description: '`<category>-<id>`, such as `user-<userId>`.' })
  @ApiOkResponse({ type: EventPageAnswer, description: 'Oldest first; `nextCursor` is a version of the stream.' })
  @ApiProblems('not-found', 'stream-not-found')
  async list(@Param('stream') stream: string, @Query() { after, limit }: ListStreamDto): Promise<EventPageAnswer> {
    const found = await this.queries.execute(new ListStreamQuery(stream, after, limit + 1));
    return eventPage(found.map(eventItem), limit, 'version');
  }
}
