import { LogFollower, type LogSlice } from '@leftfold/core';
import { ACCESS_EVENTS } from '../../src/users/events/user.events.js';
import type { TestApp } from '../support/test-app.js';

/** What is read for those who follow the log. */
export class WatchedFollower {
  /** How many follow it now. */
  active = 0;
  /** How far the log was read for each, in the order in which they came. */
  readonly readUpTo: number[] = [];

  constructor(app: TestApp) {
    const follower = app.nest.get(LogFollower);
    const follow = follower.follow.bind(follower);
    // Those of streams alone: the application follows changes of access for itself.
    follower.follow = (options) => (options.types === ACCESS_EVENTS ? follow(options) : this.watch(follow(options)));
  }

  private async *watch(slices: AsyncIterable<LogSlice>): AsyncGenerator<LogSlice, void, undefined> {
    const index = this.readUpTo.push(0) - 1;
    this.active += 1;
    try {
      for await (const slice of slices) {
        this.readUpTo[index] = slice.upTo;
        yield slice;
      }
    } finally {
      this.active -= 1;
    }
  }
}
