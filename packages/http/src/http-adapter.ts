import type { IncomingMessage, RequestListener } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { type AdjustableLimits, type ConnectionLimits, HttpServer } from './connections/http-server.js';
import { answerUnroutable } from './connections/raw-problems.js';
import { EncodedBodyError } from './problems/encoded-body.error.js';
import { CORRELATION_HEADER, correlationIdFrom } from './requests/correlation.js';
import { BODY_LIMIT, parseJsonBody } from './requests/json-body.js';

/** Longer than any id. A path with a longer part is refused before routes are matched. */
const LONGEST_PATH_PART = 500;

/** Fastify with strict bodies, and with problem documents for requests that never reach Nest. */
export class HttpAdapter extends FastifyAdapter {
  private readonly proxies: { trusted: number };
  private readonly server: HttpServer;

  /** @param limits for tests: these replace the limits of the settings */
  constructor(private readonly limits?: ConnectionLimits) {
    // Read at every request, because the settings are not known when the adapter is created.
    const proxies = { trusted: 0 };
    const server = new HttpServer(limits);
    super({
      bodyLimit: BODY_LIMIT,
      genReqId: ({ headers }: IncomingMessage) => correlationIdFrom(headers[CORRELATION_HEADER]),
      trustProxy: (_address, hop) => hop < proxies.trusted,
      // While the server closes, requests on open connections get our own answer (see draining.ts).
      return503OnClosing: false,
      routerOptions: { maxParamLength: LONGEST_PATH_PART },
      frameworkErrors: answerUnroutable,
      serverFactory: (listener: RequestListener) => server.serve(listener),
      clientErrorHandler: (error, socket) => server.answerUnreadable(error, socket),
    });
    this.proxies = proxies;
    this.server = server;
    this.acceptOnlyJson();
  }

  /** Trusts this many of the last entries of `X-Forwarded-For`. */
  trustProxies(count: number): void {
    this.proxies.trusted = count;
  }

  /** Times in ms, and connections from one address. */
  limitConnections(limits: AdjustableLimits): void {
    if (!this.limits) this.server.limit(limits);
  }

  /** Refuses a new connection from an address that has reached its limit. */
  limitAddresses(): void {
    this.server.limitAddresses();
  }

  /** Nest would add its own parsers here, for JSON and for forms. */
  override registerParserMiddleware(): void {}

  private acceptOnlyJson(): void {
    const fastify = this.getInstance();
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, ({ headers }, body, done) => {
      const encoding = headers['content-encoding'] ?? 'identity';
      if (encoding.toLowerCase() !== 'identity') return done(new EncodedBodyError());
      try {
        done(null, parseJsonBody(body as Buffer));
      } catch (error) {
        done(error as Error);
      }
    });
  }
}
