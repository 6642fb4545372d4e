import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { AttemptCounts } from '../limits/attempt-counts.js';
import { Credentials } from './credentials.js';

const INTERVAL = 60 * 60 * 1000;

/** Deletes left-over hashes, and attempts that no longer count, at start and every hour. */
@Injectable()
export class CredentialSweep implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(CredentialSweep.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly credentials: Credentials,
    private readonly counts: AttemptCounts,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.sweep();
    this.timer = setInterval(() => void this.sweep(), INTERVAL);
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private async sweep(): Promise<void> {
    const now = new Date();
    for (const [what, each] of [
      ['password hashes', this.credentials],
      ['attempts', this.counts],
    ] as const) {
      try {
        await each.sweep(now);
      } catch (error) {
        this.logger.warn(`Left-over ${what} could not be swept: ${(error as Error).message}`);
      }
    }
  }
}
