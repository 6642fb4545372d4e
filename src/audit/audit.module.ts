import { LiveModule } from '@leftfold/http';
import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { EventBlocks } from './live/event-blocks.js';
import { LiveEventsController } from './live/live-events.controller.js';
import { ListEventsHandler } from './queries/list-events/list-events.handler.js';
import { ListStreamHandler } from './queries/list-stream/list-stream.handler.js';
import { ListStreamsHandler } from './queries/list-streams/list-streams.handler.js';
import { StreamsController } from './streams.controller.js';

/** Who did what, when and why: the log itself, for operators. Nothing here writes. */
@Module({
  imports: [LiveModule],
  controllers: [AuditController, LiveEventsController, StreamsController],
  providers: [ListEventsHandler, ListStreamHandler, ListStreamsHandler, EventBlocks],
})
export class AuditModule {}
