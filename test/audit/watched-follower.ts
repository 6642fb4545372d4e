import { LogFollower, type LogSlice } from '@leftfold/core';
import type { TestApp } from '../support/test-app.js';

/** What was read for each follower of the log. */
export class WatchedFollower {
  /** Number of current followers. */
  active = 0;
  /** How far the log was read for each follower, in the order in which they came. */
  readonly readUpTo: number[] = [];

  constructor(app: TestApp) {
    const follower = app.nest.get(LogFollower);
    const follow = follower.follow.bind(follower);
    // Followers of live streams only: the application itself follows changes of access.
    follower.follow = (options) =>
      options.types?.includes('users.role-revoked') ? follow(options) : this.watch(follow(options));
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
