import { startProxy } from '../../packages/core/test/support/proxy.js';

/** A proxy between a client and the application that cuts each connection after a number of bytes of the answer. */
export interface BreakingProxy {
  readonly url: string;
  /** Number of cut connections. */
  readonly breaks: number;
  close(): Promise<void>;
}

/** @param lengthOf the number of bytes that the next connection may carry */
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
      // The bytes written so far arrive; the rest of the answer never does.
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
