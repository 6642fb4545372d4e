import helmet from '@fastify/helmet';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Settings } from '../config/settings.js';
import { HttpMetrics } from '../metrics/http-metrics.js';
import { serveDocs } from './docs/open-api.js';
import { Draining } from './draining.js';
import { HttpAdapter } from './http-adapter.js';
import {
  endConnectionsWhile,
  measureWith,
  refuseLongQueries,
  refuseUnknownRoutes,
  refuseWhile,
  serveUpkeepOnly,
  tellCorrelationId,
} from './request-hooks.js';
import { SECURITY_HEADERS } from './security-headers.js';

/** What an application over HTTP needs beyond its modules. Call it between creating the application and starting it. */
export async function configureHttp(app: NestFastifyApplication): Promise<NestFastifyApplication> {
  const settings = app.get(Settings);
  const draining = app.get(Draining);
  const adapter = app.getHttpAdapter();
  if (!(adapter instanceof HttpAdapter)) throw new Error('Create the application with new HttpAdapter().');
  adapter.trustProxies(settings.trustedProxies);
  if (settings.rateLimits && settings.trustedProxies === 0) adapter.limitAddresses();

  // Middleware first, so that what the hooks below refuse is logged too. A second time it does nothing.
  await adapter.init();
  const fastify = adapter.getInstance();
  fastify.addHook('onRequest', tellCorrelationId);
  await fastify.register(helmet, SECURITY_HEADERS);
  fastify.addHook('onRequest', refuseWhile(draining));
  fastify.addHook('onSend', endConnectionsWhile(draining));
  if (settings.role === 'worker') fastify.addHook('onRequest', serveUpkeepOnly);
  fastify.addHook('onRequest', refuseUnknownRoutes);
  fastify.addHook('onRequest', refuseLongQueries);
  fastify.addHook('onResponse', measureWith(app.get(HttpMetrics)));

  if (settings.docs && settings.role !== 'worker') serveDocs(app);
  return app;
}
