import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_CONTENT_TYPE, problemOf, type Refusal } from '../problems/problem.js';
import { refusalFor } from '../problems/refusals.js';
import { ValidationFailedError } from '../problems/validation-failed.error.js';
import { CORRELATION_HEADER, correlationIdFrom } from '../requests/correlation.js';
import { pathOf } from '../requests/path.js';

/** Answers a request that Fastify refuses before it knows the route: neither hooks nor Nest have run or will run. */
export function answerUnroutable(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const refusal = refusalFor(error) ?? refusalFor(ValidationFailedError.ofField('path', 'The path is not valid.'));
  if (!refusal) return;
  void reply
    .status(refusal.status)
    .header(CORRELATION_HEADER, request.id)
    .header('content-type', PROBLEM_CONTENT_TYPE)
    .send(JSON.stringify(problemOf(refusal, pathOf(request.url))));
}

/** Answers a request that Node has read and that Fastify must not see. Its body is not read, so the connection ends. */
export function answerUnserved(refusal: Refusal, request: IncomingMessage, response: ServerResponse): void {
  const body = JSON.stringify(problemOf(refusal, pathOf(request.url ?? '/')));
  response
    .writeHead(refusal.status, headersOf(refusal, body, correlationIdFrom(request.headers[CORRELATION_HEADER])))
    .end(body);
}

/** Answers a connection that has no readable request. The path is not known either. */
export function answerConnection(refusal: Refusal, socket: Duplex): void {
  if (socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(problemOf(refusal, '/'));
  const headers = Object.entries(headersOf(refusal, body, correlationIdFrom(undefined)));
  socket.end(
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}\r\n` +
      `${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`,
    () => socket.destroy(),
  );
}

function headersOf({ retryAfter }: Refusal, body: string, correlationId: string): Record<string, string | number> {
  return {
    [CORRELATION_HEADER]: correlationId,
    'content-type': PROBLEM_CONTENT_TYPE,
    'content-length': Buffer.byteLength(body),
    ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
    connection: 'close',
  };
}
