import { EventLog, EventRegistry } from '@leftfold/core';
import { LiveStreams, OutsideTheBuses, positionBlock } from '@leftfold/http';
import { Controller, Get, Headers, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { filterOf } from '../queries/event-filter.dto.js';
import { EventBlocks } from './event-blocks.js';
import { FollowEventsDto } from './follow-events.dto.js';
import { startPosition } from './start-position.js';
import { OperatorAccess } from '../../access/operator-access.js';
import { OperatorsOnly } from '../../access/operators-only.decorator.js';

const STREAM = 'Server-sent events: `id` is the position, `data` an EventItem as one line of JSON.';

/** The live log. Not a query on the bus: its answer has no end. */
@ApiTags('audit')
@OperatorsOnly()
@Controller('events/live')
export class LiveEventsController {
  constructor(
    private readonly log: EventLog,
    private readonly blocks: EventBlocks,
    private readonly streams: LiveStreams,
    private readonly access: OperatorAccess,
    private readonly events: EventRegistry,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'Follow the log',
    description: 'An endless answer of server-sent events. It resumes after `Last-Event-ID` without a gap.',
  })
  @OutsideTheBuses()
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'Position of the last event that you have seen.' })
  @ApiOkResponse({ description: STREAM, content: { 'text/event-stream': { schema: { type: 'string' } } } })
  async follow(
    @Query() { after, ...fields }: FollowEventsDto,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const head = await this.log.head();
    const place = startPosition(lastEventId, after, head);
    const options = { ...filterOf(fields, this.events), after: place ?? head };
    const { blocks } = this;
    this.streams.send(reply, {
      until: this.access.endOf(request),
      mayGoOn: () => this.access.mayGoOn(request),
      blocks: async function* (signal) {
        if (place === undefined) yield positionBlock(head);
        yield* blocks.following({ ...options, signal });
      },
    });
  }
}
