import { EventLog } from '@leftfold/core';
import { LiveStreams, placeBlock } from '@leftfold/http';
import { Controller, Get, Headers, Query, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { TokenInvalidError } from '../../platform/auth/auth.errors.js';
import { CurrentAccess } from '../../platform/auth/current-access.js';
import { Roles } from '../../platform/auth/roles.decorator.js';
import { holderOf } from '../../platform/auth/signed-in-user.js';
import { filterOf } from '../queries/event-filter.dto.js';
import { EventBlocks } from './event-blocks.js';
import { FollowEventsDto } from './follow-events.dto.js';
import { placeToBegin } from './place-to-begin.js';

const STREAM = 'Server-sent events: `id` is the position, `data` an EventItem as one line of JSON.';

/** The log as it grows. No query on the bus: its answer has no end. */
@ApiTags('audit')
@ApiBearerAuth()
@Controller('events/live')
@Roles('operator')
export class LiveEventsController {
  constructor(
    private readonly log: EventLog,
    private readonly blocks: EventBlocks,
    private readonly streams: LiveStreams,
    private readonly access: CurrentAccess,
  ) {}

  @Get()
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'Position of the last event that you have seen.' })
  @ApiOkResponse({ description: STREAM, content: { 'text/event-stream': { schema: { type: 'string' } } } })
  async follow(
    @Query() { after, ...fields }: FollowEventsDto,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const head = await this.log.head();
    const place = placeToBegin(lastEventId, after, head);
    const options = { ...filterOf(fields), after: place ?? head };
    const { blocks } = this;
    this.streams.send(reply, {
      until: holderOf(request).expiresAt,
      mayGoOn: () => this.mayGoOn(request),
      blocks: async function* (signal) {
        if (place === undefined) yield placeBlock(head);
        yield* blocks.following({ ...options, signal });
      },
    });
  }

  /** A stream must not outlive the session, nor the role. */
  private async mayGoOn(request: FastifyRequest): Promise<boolean> {
    try {
      return (await this.access.now(request)).roles.includes('operator');
    } catch (error) {
      if (error instanceof TokenInvalidError) return false;
      throw error;
    }
  }
}
