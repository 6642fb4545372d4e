import { LogFollower, type RecordedEvent } from '@leftfold/core';
import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { Draining } from '../draining.js';

/** Number of requests of this process that may wait at the same time. Further ones are answered without waiting. */
const MOST_WAITING = 1_000;

/** The event that a request waits for. */
export interface WantedEvent {
  /** Stored types. */
  readonly types: readonly string[];
  /** It has a later position. */
  readonly after: number;
  readonly stream?: string;
  readonly correlationId?: string;
}

/**
 * Waits for events, also those that other nodes store. All waiting requests share what this process reads of the head of
 * the log.
 */
@Injectable()
export class OutcomeWaits {
  private waiting = 0;

  constructor(
    private readonly modules: ModuleRef,
    private readonly draining: Draining,
  ) {}

  /** The first such event; undefined when the signal aborts, this process shuts down, or too many wait. */
  async first({ stream, ...wanted }: WantedEvent, signal: AbortSignal): Promise<RecordedEvent | undefined> {
    if (this.waiting >= MOST_WAITING) return undefined;
    this.waiting += 1;
    const ending = AbortSignal.any([signal, this.draining.signal]);
    try {
      // The kernel's module is another one, and an application without it has no routes that wait.
      const follower = this.modules.get(LogFollower, { strict: false });
      for await (const { events } of follower.follow({ ...wanted, signal: ending })) {
        const found = events.find((event) => stream === undefined || event.stream === stream);
        if (found) return found;
      }
      return undefined;
    } finally {
      this.waiting -= 1;
    }
  }
}
