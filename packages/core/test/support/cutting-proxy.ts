import { startProxy } from './proxy.js';

/** `request`: the server never gets the statement. `reply`: the server has executed it, and the client never gets the reply. */
export type Cut = 'request' | 'reply';

/** A proxy between a client and PostgreSQL that cuts the connection at the worst time. */
export interface CuttingProxy {
  /** The server's URL through this proxy. */
  readonly url: string;
  /** Number of cut connections. */
  readonly cuts: number;
  /** Cuts the connection of the next statement with the marker in it, once for each call. */
  cutNext(cut: Cut): void;
  close(): Promise<void>;
}

const READY_FOR_QUERY = 'Z'.charCodeAt(0);

/** @param marker a word in the text of the statements to cut, and of no others */
export async function startCuttingProxy(serverUrl: string, marker: string): Promise<CuttingProxy> {
  const url = new URL(serverUrl);
  const armed: Cut[] = [];
  let cuts = 0;
  const proxy = await startProxy({ host: url.hostname, port: Number(url.port || 5432) }, (client, upstream) => {
    const cut = (): void => {
      cuts += 1;
      client.destroy();
      upstream.destroy();
    };
    let reply: ReplyEnd | undefined;
    let tail = Buffer.alloc(0);
    client.on('data', (chunk: Buffer) => {
      // The marker may be split between two chunks.
      const text = Buffer.concat([tail, chunk]);
      tail = text.subarray(-marker.length + 1);
      if (armed.length > 0 && !reply && text.includes(marker)) {
        if (armed.shift() === 'request') return cut();
        reply = new ReplyEnd();
      }
      upstream.write(chunk);
    });
    upstream.on('data', (chunk: Buffer) => {
      if (!reply) client.write(chunk);
      else if (reply.isReachedBy(chunk)) cut();
    });
  });
  url.hostname = '127.0.0.1';
  url.port = String(proxy.port);

  return {
    url: url.href,
    get cuts() {
      return cuts;
    },
    cutNext: (cut) => void armed.push(cut),
    close: () => proxy.close(),
  };
}

/**
 * Finds the end of the server's answer, which it sends after the commit.
 * Source: PostgreSQL, "Frontend/Backend Protocol": a message is a type byte, then its length without that byte.
 */
class ReplyEnd {
  private pending = Buffer.alloc(0);

  isReachedBy(chunk: Buffer): boolean {
    this.pending = Buffer.concat([this.pending, chunk]);
    while (this.pending.length >= 5) {
      const end = 1 + this.pending.readInt32BE(1);
      if (this.pending.length < end) return false;
      if (this.pending[0] === READY_FOR_QUERY) return true;
      this.pending = this.pending.subarray(end);
    }
    return false;
  }
}
