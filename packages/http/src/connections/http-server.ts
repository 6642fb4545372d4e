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
  /** From the first byte, or from the connection, to the end of the headers. */
  readonly headers: number;
  /** From the first byte to the end of the body: 100 KiB at most, so that 4 KiB a second are enough. */
  readonly request: number;
  /** How long a connection is kept after an answer: longer than load balancers do it, which would otherwise use a closed one. */
  readonly keepAlive: number;
  /** Between two looks for connections that take too long. */
  readonly check: number;
  /** Once the server closes: how long a body that is on its way is waited for. */
  readonly arrival: number;
  /** Connections from one IPv4 address or /64 of IPv6. */
  readonly perAddress: number;
}

/** What an application may set. */
export type AdjustableLimits = Pick<ConnectionLimits, 'headers' | 'request' | 'perAddress'>;

/** The limits that hold unless an application sets others; times in ms. */
export const CONNECTION_LIMITS: ConnectionLimits = {
  headers: 10_000,
  request: 30_000,
  keepAlive: 72_000,
  check: 1_000,
  arrival: 1_000,
  perAddress: 500,
};

/** Node's server, with problem documents for what Node would refuse by itself, and connections that cost little and end in time. */
export class HttpServer extends Server {
  private readonly openOnes = new OpenConnections();
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

  /** Hands over every request that can be served. */
  serve(listener: RequestListener): this {
    return this.on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (request.headers.host === undefined && request.httpVersion === '1.1') {
        this.refuse(WITHOUT_HOST, request, response);
        return;
      }
      this.openOnes.begin(request, response);
      listener(request, response);
    });
  }

  /** Node looks at both times whenever it checks. */
  limit({ headers, request, perAddress }: AdjustableLimits): void {
    this.headersTimeout = headers;
    this.requestTimeout = request;
    this.perAddress = perAddress;
  }

  /** From now on an address can hold so many connections and no more. Not for a server behind a proxy, which is one address. */
  limitAddresses(): void {
    this.limitsAddresses = true;
  }

  /** For an error of the parser, or of a timer, on a connection. */
  answerUnreadable({ code }: NodeJS.ErrnoException, socket: Socket): void {
    if (code === 'ECONNRESET' || !this.openOnes.awaitsRequest(socket)) socket.destroy();
    else answerConnection(unreadable(code), socket);
  }

  /** Takes on no more connections, and ends at once those on which nobody waits for an answer. */
  override close(callback?: (error?: Error) => void): this {
    super.close(callback);
    // Node keeps those that have sent nothing yet, or half of a request's headers.
    for (const socket of this.openOnes.idle) socket.destroySoon();
    setTimeout(() => this.endArriving(), this.limits.arrival).unref();
    return this;
  }

  private endArriving(): void {
    for (const socket of this.openOnes.arriving) {
      if (this.openOnes.awaitsRequest(socket)) answerConnection(SHUTTING_DOWN, socket);
    }
  }

  private admit(socket: Socket): void {
    const count = this.openOnes.add(socket);
    if (this.limitsAddresses && count > this.perAddress) answerConnection(TOO_MANY_CONNECTIONS, socket);
  }

  private refuse(refusal: Refusal, request: IncomingMessage, response: ServerResponse): void {
    this.openOnes.begin(request, response);
    answerUnserved(refusal, request, response);
  }
}
