import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Histogram } from 'prom-client';

const SECOND = 1_000;
/** In seconds. */
const DURATIONS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Requests of operators and probes, not of the application's users. */
const OPERATIONS_ROUTES = /^\/(metrics|health\/.*)$/;

/** How long this process took to answer, by route. Not registered anywhere until a caller adds it to a registry. */
@Injectable()
export class HttpMetrics {
  readonly duration = new Histogram({
    name: 'leftfold_http_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its answer, by the pattern of its route.',
    labelNames: ['method', 'route', 'status'],
    buckets: DURATIONS,
    registers: [],
  });

  answered({ method, is404, routeOptions: { url } }: FastifyRequest, reply: FastifyReply): void {
    // The pattern, not the path: every distinct path would be a label that is kept for ever.
    const route = is404 || url === undefined ? 'unmatched' : url;
    if (OPERATIONS_ROUTES.test(route) || isStream(reply)) return;
    this.duration.observe({ method, route, status: reply.statusCode }, reply.elapsedTime / SECOND);
  }
}

/** The duration of a stream is how long the client listens, which is no measure of performance. */
function isStream(reply: FastifyReply): boolean {
  return String(reply.getHeader('content-type')).startsWith('text/event-stream');
}
