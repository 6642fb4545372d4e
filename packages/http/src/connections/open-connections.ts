import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { addressBlock } from './address-block.js';

interface Connection {
  readonly socket: Socket;
  /** Requests whose answers are not over. */
  unanswered: number;
  /** The last request that came on it. */
  last?: { readonly request: IncomingMessage; readonly response: ServerResponse };
}

/** The connections of one server: where they come from, and what is under way on them. */
export class OpenConnections {
  private readonly open = new Map<Socket, Connection>();
  private readonly perBlock = new Map<string, number>();

  /** @returns how many there are from this address by now */
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

  /** Whether a problem may be written on it: no answer that another request waits for would be taken for it. */
  awaitsRequest(socket: Socket): boolean {
    const connection = this.open.get(socket);
    if (!connection?.last) return true;
    const { request, response } = connection.last;
    if (request.complete) return connection.unanswered === 0;
    return connection.unanswered <= 1 && !response.headersSent;
  }

  /** Those on which nobody waits for an answer, also when a part of a request's headers has come. */
  get idle(): Socket[] {
    return [...this.open.values()].filter(({ unanswered }) => unanswered === 0).map(({ socket }) => socket);
  }

  /** Those with a request whose body has not come yet. */
  get arriving(): Socket[] {
    return [...this.open.values()].filter(({ last }) => last?.request.complete === false).map(({ socket }) => socket);
  }
}
