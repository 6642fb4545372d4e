import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Credentials } from './credentials.js';

const INTERVAL = 60 * 60 * 1000;

/** Sweeps left-over hashes at start, and every hour. */
@Injectable()
export class CredentialSweep implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(CredentialSweep.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly credentials: Credentials) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.sweep();
    this.timer = setInterval(() => void this.sweep(), INTERVAL);
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private async sweep(): Promise<void> {
    try {
      await this.credentials.sweep(new Date());
    } catch (error) {
      this.logger.warn(`Left-over password hashes could not be swept: ${(error as Error).message}`);
    }
  }
}
