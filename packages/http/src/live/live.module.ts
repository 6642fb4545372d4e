import { Module } from '@nestjs/common';
import { LivePace } from './live-pace.js';
import { LiveStreams } from './live-streams.js';

/** Live streams. `HttpModule` must be imported, too. */
@Module({
  providers: [LivePace, LiveStreams],
  exports: [LiveStreams],
})
export class LiveModule {}
