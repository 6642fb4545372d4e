import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { addressBlock } from './address-block.js';

interface Connection {
  readonly socket: Socket;
  /** Requests without a finished answer. */
  unanswered: number;
  /** The last request that came on this connection. */
  last?: { readonly request: IncomingMessage; readonly response: ServerResponse };
}

/** Tracks the connections of one server: their addresses, and the requests in progress on each. */
export class OpenConnections {
  private readonly open = new Map<Socket, Connection>();
  private readonly perBlock = new Map<string, number>();

  /** @returns the number of open connections from this address */
  add(socket: Socket): number {
    const block = addressBlock(socket.remoteAddress ?? '');
    const count = (this.perBlock.get(block) ?? 0) + 1;
    this.perBlock.set(block, count);
    this.open.set(socket, { socket, unanswered: 0 });
    socket.once('close', () => {
      this.open.delete(socket);
      const left = (this.perBlock.get(block) ?? 1) - 1;
      if (left === 0) this.perBlock.delete(block);
      else this.perBlock.set(block, left);
    });
    return count;
  }

  begin(request: IncomingMessage, response: ServerResponse): void {
    const connection = this.open.get(request.socket);
    if (!connection) return;
    connection.unanswered += 1;
    connection.last = { request, response };
    response.once('close', () => (connection.unanswered -= 1));
  }

  /**
   * Whether a problem document may be written to the connection. Not while another request's answer is pending: the client would take the
   * problem for it.
   */
  awaitsRequest(socket: Socket): boolean {
    const connection = this.open.get(socket);
    if (!connection?.last) return true;
    const { request, response } = connection.last;
    if (request.complete) return connection.unanswered === 0;
    return connection.unanswered <= 1 && !response.headersSent;
  }

  /** Connections without a pending answer, including those that have sent part of a request's headers. */
  get idle(): Socket[] {
    return [...this.open.values()].filter(({ unanswered }) => unanswered === 0).map(({ socket }) => socket);
  }

  /** Connections with a request whose body has not arrived completely. */
  get arriving(): Socket[] {
    return [...this.open.values()].filter(({ last }) => last?.request.complete === false).map(({ socket }) => socket);
  }
}
