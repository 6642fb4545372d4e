import { Module } from '@nestjs/common';
import { LivePace } from './live-pace.js';
import { LiveStreams } from './live-streams.js';

/** Answers that go on while something happens. `HttpModule` must be there. */
@Module({
  providers: [LivePace, LiveStreams],
  exports: [LiveStreams],
})
export class LiveModule {}
