import { isStreamName } from '@leftfold/core';
import { ApiProblems, decodeCursor, encodeCursor, eventItem, pageOf } from '@leftfold/http';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { eventPage, EventPageAnswer } from './event-page.answer.js';
import { ListStreamDto } from './queries/list-stream/list-stream.dto.js';
import { ListStreamQuery } from './queries/list-stream/list-stream.query.js';
import { ListStreamsDto } from './queries/list-streams/list-streams.dto.js';
import { ListStreamsQuery } from './queries/list-streams/list-streams.query.js';
import { streamItem, StreamPageAnswer } from './stream-page.answer.js';
import { OperatorsOnly } from '../access/operators-only.decorator.js';

@ApiTags('audit')
@OperatorsOnly()
@Controller('streams')
export class StreamsController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({
    summary: 'List streams',
    description: 'By name, with version and position. Filters by category and by the beginning of the name.',
  })
  @ApiOkResponse({ type: StreamPageAnswer, description: 'Sorted by the UTF-8 bytes of the name.' })
  async list(@Query() { category, prefix, limit, cursor }: ListStreamsDto): Promise<StreamPageAnswer> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, isPlace);
    const found = await this.queries.execute(new ListStreamsQuery({ category, prefix, after, limit: limit + 1 }));
    return pageOf(found.map(streamItem), limit, ({ stream }) => encodeCursor(stream));
  }

  @Get(':stream')
  @ApiOperation({
    summary: 'List the events of a stream',
    description: 'Oldest first. `after` is the version to continue after.',
  })
  @ApiParam({ name: 'stream', description: '`<category>-<id>`, such as `user-<userId>`.' })
  @ApiOkResponse({ type: EventPageAnswer, description: 'Oldest first; `nextCursor` is a version of the stream.' })
  @ApiProblems('not-found', 'stream-not-found')
  async listEvents(
    @Param('stream') stream: string,
    @Query() { after, limit }: ListStreamDto,
  ): Promise<EventPageAnswer> {
    const found = await this.queries.execute(new ListStreamQuery(stream, after, limit + 1));
    return eventPage(found.map(eventItem), limit, 'version');
  }
}

function isPlace(value: unknown): value is string {
  return isStreamName(value);
}
