import { configureHttp } from '@leftfold/http';
import { HttpMetrics } from '@leftfold/operations';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Settings } from '../config/settings.js';

/** What the API is called, at `/` and on the pages of `/docs`. */
export const API = { title: 'Leftfold', version: '1' };

/** A worker serves only operators and probes. */
const SERVED_BY_WORKERS = /^\/(health\/|metrics(\?|$)|(\?|$))/;

/** How long a read may take beyond the wait for its read model, in ms. */
const ANSWER_LIMIT = 25_000;

/** Sets up HTTP from the settings. Call it after creating the application and before starting it. */
export async function configureApp(app: NestFastifyApplication): Promise<NestFastifyApplication> {
  const { trustedProxies, connections, rateLimits, readWaitLimit, role, docs } = app.get(Settings);
  const metrics = app.get(HttpMetrics, { strict: false });
  const isWorker = role === 'worker';
  return configureHttp(app, {
    trustedProxies,
    connections,
    limitAddresses: rateLimits && trustedProxies === 0,
    readLimit: readWaitLimit + ANSWER_LIMIT,
    ...(isWorker ? { only: SERVED_BY_WORKERS } : {}),
    ...(docs && !isWorker ? { docs: API } : {}),
    onAnswered: (request, reply) => metrics.answered(request, reply),
  });
}
