import { Module } from '@nestjs/common';
import { LivePace } from './live-pace.js';
import { LiveStreams } from './live-streams.js';
import { StandingRights } from './standing-rights.js';

/** Answers that go on while something happens. `HttpModule` and `AuthModule` must be there. */
@Module({
  providers: [LivePace, LiveStreams, StandingRights],
  exports: [LiveStreams, StandingRights],
})
export class LiveModule {}
