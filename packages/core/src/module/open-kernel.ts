import { Injectable } from '@nestjs/common';
import { Snapshots } from '../aggregates/snapshots.js';
import { CommandExpiry } from '../commands/command-expiry.js';
import { Databases } from '../databases/databases.js';
import { EventLog } from '../event-log/event-log.js';
import { LiveEvents } from '../subscriptions/live-events.js';
import { SubscriptionHost } from '../subscriptions/subscription-host.js';

/** The resources that are open while the application runs. */
@Injectable()
export class OpenKernel {
  private closed: Promise<void> | undefined;

  constructor(
    private readonly host: SubscriptionHost,
    private readonly live: LiveEvents,
    private readonly expiry: CommandExpiry,
    private readonly log: EventLog,
    private readonly snapshots: Snapshots,
    private readonly databases: Databases,
  ) {}

  /** Closes them once, however often it is called. */
  close(): Promise<void> {
    this.closed ??= this.closeAll();
    return this.closed;
  }

  /**
   * Runs a step of the start. If it fails, this closes the kernel: Nest returns no application object then, so nothing
   * else could.
   */
  async closeIfItFails(step: () => void | Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      // A failure to close would only hide the cause.
      await this.close().catch(() => undefined);
      throw error;
    }
  }

  private async closeAll(): Promise<void> {
    this.expiry.stop();
    this.live.close();
    await this.host.stop();
    await this.snapshots.settled();
    await this.log.close();
    await this.databases.close();
  }
}
