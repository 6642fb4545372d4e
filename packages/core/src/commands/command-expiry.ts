import { Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { EventLog } from '../event-log/event-log.js';

const INTERVAL = 10 * 60 * 1000;

/** Deletes expired command ids. An expired id is ignored from its expiry on, deleted or not. */
export class CommandExpiry implements OnApplicationBootstrap {
  private readonly logger = new Logger(CommandExpiry.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly log: EventLog,
    /** Whether this process deletes expired ids. */
    private readonly sweeps: boolean,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.sweeps) return;
    this.timer = setInterval(() => void this.sweep(), INTERVAL);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async sweep(): Promise<void> {
    try {
      await this.log.forgetExpiredCommands();
    } catch (error) {
      this.logger.warn(`Expired command ids could not be deleted: ${(error as Error).message}`);
    }
  }
}
