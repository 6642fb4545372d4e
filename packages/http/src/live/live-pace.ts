import { Injectable } from '@nestjs/common';

/** Times of live streams, in ms. Tests set shorter ones; an open stream keeps the times that it began with. */
@Injectable()
export class LivePace {
  /** Interval between two comments on an idle stream. */
  heartbeat = 15_000;
  /** Interval between two checks whether the caller may still listen: a token is refused as soon after its session has ended. */
  rightsCheck = 1_000;
  /** How long a block may wait for a client that reads nothing. */
  stallLimit = 30_000;
  /** How long clients are told to wait before they reconnect. */
  retry = 1_000;
}
