import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between a client and the application, and breaks each connection after so many bytes of the answer. */
export interface BreakingProxy {
  readonly url: string;
  /** How many connections it has broken. */
  readonly breaks: number;
  close(): Promise<void>;
}

/** @param lengthOf how many bytes the next connection may carry */
export async function startBreakingProxy(serverUrl: string, lengthOf: () => number): Promise<BreakingProxy> {
  const target = new URL(serverUrl);
  const open = new Set<Socket>();
  let breaks = 0;

  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ host: target.hostname, port: Number(target.port), noDelay: true });
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
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        open.delete(socket);
        other.destroySoon();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get breaks() {
      return breaks;
    },
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
