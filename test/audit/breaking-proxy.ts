import { startProxy } from '../support/proxy.js';

/** Stands between a client and the application, and breaks each connection after so many bytes of the answer. */
export interface BreakingProxy {
  readonly url: string;
  /** How many connections it has broken. */
  readonly breaks: number;
  close(): Promise<void>;
}

/** @param lengthOf how many bytes the next connection may carry */
export async function startBreakingProxy(serverUrl: string, lengthOf: () => number): Promise<BreakingProxy> {
  const { hostname, port } = new URL(serverUrl);
  let breaks = 0;
  const proxy = await startProxy({ host: hostname, port: Number(port) }, (client, upstream) => {
    let left = lengthOf();
    client.pipe(upstream);
    upstream.on('data', (chunk: Buffer) => {
      if (left <= 0) return;
      client.write(chunk.subarray(0, left));
      left -= chunk.length;
      if (left > 0) return;
      breaks += 1;
      // What was written arrives; the rest of the answer never does.
      client.destroySoon();
      upstream.destroy();
    });
  });
  return {
    url: `http://127.0.0.1:${proxy.port}`,
    get breaks() {
      return breaks;
    },
    close: () => proxy.close(),
  };
}
