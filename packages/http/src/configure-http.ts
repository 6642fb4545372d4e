import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AdjustableLimits } from './connections/http-server.js';
import { type ApiTitle, serveDocs } from './docs/open-api.js';
import { Draining } from './draining.js';
import { HttpAdapter } from './http-adapter.js';
import { answerLateReads } from './late-reads.js';
import {
  closeConnectionsWhileDraining,
  refuseLongQueries,
  refuseUnknownRoutes,
  refuseWhileDraining,
  serveOnly,
  sendCorrelationId,
} from './request-hooks.js';
import { sendSecurityHeaders } from './security-headers.js';

/** How an application serves HTTP. */
export interface ServingOptions {
  /** How many proxies in front of the application to trust: that many of the last entries of `X-Forwarded-For`. Default: 0. */
  readonly trustedProxies?: number;
  /** How long headers and whole requests may take, in ms, and how many connections one address can have. Default: 10 s, 30 s, 500. */
  readonly connections?: AdjustableLimits;
  /** Whether to limit the number of connections from one address. Turn it off behind a proxy, which is one address. Default: false. */
  readonly limitAddresses?: boolean;
  /** The URLs that this process answers; every other URL gets `route-not-found`. Default: all. */
  readonly only?: RegExp;
  /** How long a read may take, in ms, until it is answered with `503 busy`. Default: 30,000. */
  readonly readLimit?: number;
  /** Serves the OpenAPI document at /docs-json, and pages to read and try it at /docs. Default: neither. */
  readonly docs?: ApiTitle;
  /** Called for every answer after it has been sent. */
  readonly onAnswered?: (request: FastifyRequest, reply: FastifyReply) => void;
}

/**
 * Sets up what an application over HTTP needs beyond its modules. Call it after creating the application and before starting it.
 * @throws Error when the application was created with another adapter than `HttpAdapter`
 */
export async function configureHttp(
  app: NestFastifyApplication,
  {
    trustedProxies = 0,
    connections,
    limitAddresses = false,
    only,
    readLimit = 30_000,
    docs,
    onAnswered,
  }: ServingOptions = {},
): Promise<NestFastifyApplication> {
  const draining = app.get(Draining, { strict: false });
  const adapter = app.getHttpAdapter();
  if (!(adapter instanceof HttpAdapter)) throw new Error('Create the application with new HttpAdapter().');
  adapter.trustProxies(trustedProxies);
  if (connections) adapter.limitConnections(connections);
  if (limitAddresses) adapter.limitAddresses();

  // This middleware comes first, so that refusals by the hooks below are logged too. Calling it a second time does nothing.
  await adapter.init();
  const fastify = adapter.getInstance();
  fastify.addHook('onRequest', sendCorrelationId);
  fastify.addHook('onRequest', sendSecurityHeaders());
  fastify.addHook('onRequest', refuseWhileDraining(draining));
  fastify.addHook('onSend', closeConnectionsWhileDraining(draining));
  if (only) fastify.addHook('onRequest', serveOnly(only));
  fastify.addHook('onRequest', refuseUnknownRoutes);
  fastify.addHook('onRequest', refuseLongQueries);
  fastify.addHook('onRequest', answerLateReads(readLimit));
  if (onAnswered) {
    fastify.addHook('onResponse', (request, reply, done) => {
      onAnswered(request, reply);
      done();
    });
  }

  if (docs) serveDocs(app, docs);
  return app;
}
