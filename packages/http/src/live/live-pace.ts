import { Injectable } from '@nestjs/common';

/** Times of answers that go on, in ms. Tests have shorter ones; what is open already keeps its own. */
@Injectable()
export class LivePace {
  /** Between two comments while nothing else is sent, and between two looks at whether the caller may still listen. */
  heartbeat = 15_000;
  /** How long something may wait for a client that takes nothing of it. */
  patience = 30_000;
  /** What clients are told to wait before they connect again. */
  retry = 1_000;
}
