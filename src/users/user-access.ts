import { AggregateRepository, EventLog, EventRegistry, LogFollower } from '@leftfold/core';
import { delayUnlessAborted } from '@leftfold/http';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { AccessDirectory, type KnownAccess } from '../platform/auth/access-directory.js';
import { User } from './domain/user.aggregate.js';
import { UserNotFoundError } from './domain/user.errors.js';
import { ACCESS_EVENTS } from './events/user.events.js';

/** Longest age of a cached answer, in ms, in case an event that clears it is missed. */
const REMEMBERED_FOR = 1_000;
const MOST_REMEMBERED = 10_000;
const PAUSE_AFTER_ERROR = 1_000;

interface Memory {
  readonly access: Promise<KnownAccess | undefined>;
  readonly until: number;
}

/**
 * What users may do, from the log: read models may lag, be paused, or be missing. Cached for a second, and cleared at
 * once on every node when an event changes it.
 */
@Injectable()
export class UserAccess extends AccessDirectory implements OnModuleDestroy {
  private readonly logger = new Logger(UserAccess.name);
  private readonly memory = new Map<string, Memory>();
  private readonly ending = new AbortController();
  private following: Promise<void> | undefined;
  /** All names under which these events may be stored. */
  private readonly types: readonly string[];

  constructor(
    private readonly aggregates: AggregateRepository,
    private readonly log: EventLog,
    private readonly follower: LogFollower,
    events: EventRegistry,
  ) {
    super();
    this.types = ACCESS_EVENTS.flatMap((each) => events.storedNames(each));
  }

  onModuleDestroy(): void {
    this.ending.abort();
  }

  async find(userId: string, version: number): Promise<KnownAccess | undefined> {
    const memory = this.memory.get(userId);
    const access = memory && memory.until > performance.now() ? await memory.access : undefined;
    return access && access.version >= version ? access : this.findNow(userId);
  }

  findNow(userId: string): Promise<KnownAccess | undefined> {
    // Started at the first request, which a command line never makes.
    this.following ??= this.forgetWhatChanges();
    const access = this.load(userId);
    if (this.memory.size >= MOST_REMEMBERED) this.memory.clear();
    this.memory.set(userId, { access, until: performance.now() + REMEMBERED_FOR });
    // A failure is passed to the waiting requests, and is not cached.
    access.catch(() => this.memory.delete(userId));
    return access;
  }

  forget(userId: string): void {
    this.memory.delete(userId);
  }

  private async load(userId: string): Promise<KnownAccess | undefined> {
    try {
      const user = await this.aggregates.load(User, userId);
      if (user.forgotten) return undefined;
      const { roles, version, generation } = user;
      return { roles, version, generation, hasEnded: (session) => user.hasEnded(session) };
    } catch (error) {
      if (error instanceof UserNotFoundError) return undefined;
      throw error;
    }
  }

  private async forgetWhatChanges(): Promise<void> {
    const { signal } = this.ending;
    for (let after: number | undefined; !signal.aborted;) {
      try {
        after ??= await this.log.head();
        for await (const { events, upTo } of this.follower.follow({ after, types: this.types, signal })) {
          for (const { stream } of events) this.forget(stream.slice(stream.indexOf('-') + 1));
          after = upTo;
        }
        return;
      } catch (error) {
        this.logger.warn(`Changes of access are seen up to a second late: ${(error as Error).message}`);
        await delayUnlessAborted(PAUSE_AFTER_ERROR, signal);
      }
    }
  }
}
