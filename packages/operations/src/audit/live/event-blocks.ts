import { type FollowOptions, LogFollower, type RecordedEvent } from '@leftfold/core';
import { eventBlock, eventItem } from '@leftfold/http';
import { Injectable } from '@nestjs/common';

/** Most events in memory for one client at a time. */
const SLICE = 50;
/** Small events are sent together, up to this many characters. */
const TOGETHER = 16_384;

/** Turns the growing log into blocks of a stream of server-sent events. */
@Injectable()
export class EventBlocks {
  constructor(private readonly follower: LogFollower) {}

  /** @throws EventLogUnavailableError */
  async *following(options: Omit<FollowOptions, 'limit'>): AsyncGenerator<string, void, undefined> {
    for await (const { events } of this.follower.follow({ ...options, limit: SLICE })) yield* portionsOf(events);
  }
}

function* portionsOf(events: readonly RecordedEvent[]): Generator<string, void, undefined> {
  let portion = '';
  for (const event of events) {
    portion += eventBlock(event.position, JSON.stringify(eventItem(event)));
    if (portion.length < TOGETHER) continue;
    yield portion;
    portion = '';
  }
  if (portion !== '') yield portion;
}
