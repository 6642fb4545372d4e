import { Logger } from '@nestjs/common';
import type pg from 'pg';

const RECONNECT_DELAY = 1_000;

/**
 * Listens for appends by other nodes, on a connection of its own. Notifications may be lost while it reconnects, so
 * readers poll as well.
 */
export class AppendListener {
  private readonly logger = new Logger(AppendListener.name);
  private client: pg.Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly url: string,
    private readonly channel: string,
    private readonly onAppended: (position: number) => void,
  ) {
    void this.connect();
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    const client = this.client;
    this.client = undefined;
    await client?.end();
  }

  private async connect(): Promise<void> {
    const { Client } = (await import('pg')).default;
    if (this.closed) return;
    const client = new Client({
      connectionString: this.url,
      application_name: 'leftfold listener',
      keepAlive: true,
    });
    // pg emits 'error' more than once when a connection is killed. Without a listener that would end the process.
    client.on('error', (error) => this.reconnectLater(client, error));
    client.on('end', () => this.reconnectLater(client));
    client.on('notification', ({ payload }) => this.onAppended(Number(payload)));
    this.client = client;
    try {
      await client.connect();
      await client.query(`listen ${this.channel}`);
      this.onAppended(0);
    } catch (error) {
      this.reconnectLater(client, error as Error);
    }
  }

  private reconnectLater(client: pg.Client, error?: Error): void {
    if (this.closed || this.client !== client) return;
    this.client = undefined;
    if (error)
      this.logger.warn(`Lost the notifications of new events (${error.message}); polling until they are back.`);
    client.removeAllListeners('end');
    client.end().catch(() => undefined); // Already broken, nothing to close.
    this.timer = setTimeout(() => void this.connect(), RECONNECT_DELAY);
  }
}
