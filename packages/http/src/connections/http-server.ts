import { type IncomingMessage, type RequestListener, Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import {
  EXPECTATION_FAILED,
  NO_TUNNELS,
  SHUTTING_DOWN,
  TOO_MANY_CONNECTIONS,
  unreadable,
  WITHOUT_HOST,
} from './node-refusals.js';
import { OpenConnections } from './open-connections.js';
import { answerConnection, answerUnserved } from './raw-problems.js';
import type { Refusal } from '../problems/problem.js';

/** Times in ms. */
export interface ConnectionLimits {
  /** From the first byte, or from the opening of the connection, to the end of the headers. */
  readonly headers: number;
  /** From the first byte to the end of the body. A body has at most 100 KiB, so 4 KiB a second are enough. */
  readonly request: number;
  /** How long an idle connection is kept open after an answer. Longer than load balancers keep it, so that they never reuse a closed one. */
  readonly keepAlive: number;
  /** Interval between checks for slow connections. */
  readonly check: number;
  /** How long a closing server waits for a body that is still arriving. */
  readonly arrival: number;
  /** Most connections from one IPv4 address or one /64 of IPv6. */
  readonly perAddress: number;
}

/** Limits that an application may set. */
export type AdjustableLimits = Pick<ConnectionLimits, 'headers' | 'request' | 'perAddress'>;

/** The default limits; times in ms. */
export const CONNECTION_LIMITS: ConnectionLimits = {
  headers: 10_000,
  request: 30_000,
  keepAlive: 72_000,
  check: 1_000,
  arrival: 1_000,
  perAddress: 500,
};

/** Node's HTTP server, which answers with a problem document where Node itself would refuse, and which limits slow and numerous connections. */
export class HttpServer extends Server {
  private readonly openConnections = new OpenConnections();
  private limitsAddresses = false;
  private perAddress: number;

  constructor(private readonly limits: ConnectionLimits = CONNECTION_LIMITS) {
    super({
      // Refused below, with a body.
      requireHostHeader: false,
      headersTimeout: limits.headers,
      requestTimeout: limits.request,
      connectionsCheckingInterval: limits.check,
      keepAliveTimeout: limits.keepAlive,
    });
    this.perAddress = limits.perAddress;
    this.on('connection', (socket: Socket) => this.admit(socket));
    this.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) =>
      this.refuse(EXPECTATION_FAILED, request, response),
    );
    this.on('connect', (_request, socket) => answerConnection(NO_TUNNELS, socket));
  }

  /** Passes on every request that can be served. */
  serve(listener: RequestListener): this {
    return this.on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (request.headers.host === undefined && request.httpVersion === '1.1') {
        this.refuse(WITHOUT_HOST, request, response);
        return;
      }
      this.openConnections.begin(request, response);
      listener(request, response);
    });
  }

  /** Node checks both times at this interval. */
  limit({ headers, request, perAddress }: AdjustableLimits): void {
    this.headersTimeout = headers;
    this.requestTimeout = request;
    this.perAddress = perAddress;
  }

  /** Limits the connections of one address from now on. Not for a server behind a proxy, which is one address. */
  limitAddresses(): void {
    this.limitsAddresses = true;
  }

  /** Handles an error of the parser or of a timer on a connection. */
  answerUnreadable({ code }: NodeJS.ErrnoException, socket: Socket): void {
    if (code === 'ECONNRESET' || !this.openConnections.awaitsRequest(socket)) socket.destroy();
    else answerConnection(unreadable(code), socket);
  }

  /** Accepts no more connections, and closes at once those that have no answer pending. */
  override close(callback?: (error?: Error) => void): this {
    super.close(callback);
    // Node would keep connections that have sent nothing yet, or only part of a request's headers.
    for (const socket of this.openConnections.idle) socket.destroySoon();
    setTimeout(() => this.endArriving(), this.limits.arrival).unref();
    return this;
  }

  private endArriving(): void {
    for (const socket of this.openConnections.arriving) {
      if (this.openConnections.awaitsRequest(socket)) answerConnection(SHUTTING_DOWN, socket);
    }
  }

  private admit(socket: Socket): void {
    const count = this.openConnections.add(socket);
    if (this.limitsAddresses && count > this.perAddress) answerConnection(TOO_MANY_CONNECTIONS, socket);
  }

  private refuse(refusal: Refusal, request: IncomingMessage, response: ServerResponse): void {
    this.openConnections.begin(request, response);
    answerUnserved(refusal, request, response);
  }
}
