import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { EventLog } from '../event-log/event-log.js';
import { type ResolvedOptions, OPTIONS } from '../module/options.js';

const INTERVAL = 10 * 60 * 1000;

/** Deletes command ids whose time is over. They count as forgotten from that moment on, swept or not. */
@Injectable()
export class CommandExpiry implements OnApplicationBootstrap {
  private readonly logger = new Logger(CommandExpiry.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly log: EventLog,
    @Inject(OPTIONS) private readonly options: ResolvedOptions,
  ) {}

  onApplicationBootstrap(): void {
    if (this.options.visits) return;
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
