import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_CONTENT_TYPE, problemOf } from './problems/problem.js';
import { refusalFor } from './problems/refusals.js';
import { ValidationFailedError } from './problems/validation-failed.error.js';
import { CORRELATION_HEADER, correlationIdFrom } from './requests/correlation.js';
import { pathOf } from './requests/path.js';

/** For what Fastify refuses before it knows the route: no hook, and nothing of Nest, has run or will. */
export function answerUnroutable(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const refusal = refusalFor(error) ?? refusalFor(ValidationFailedError.ofField('path', 'The path is not valid.'));
  if (!refusal) return;
  void reply
    .status(refusal.status)
    .header(CORRELATION_HEADER, request.id)
    .header('content-type', PROBLEM_CONTENT_TYPE)
    .send(JSON.stringify(problemOf(refusal, pathOf(request.url))));
}

/** For what Node refuses because it is no HTTP request that it could hand over: the path is not known either. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const refusal = refusalFor(ValidationFailedError.ofField('request', unreadable(error.code)));
  if (refusal && socket.writable) {
    const body = JSON.stringify(problemOf(refusal, '/'));
    socket.write(
      `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}\r\n` +
        `${CORRELATION_HEADER}: ${correlationIdFrom(undefined)}\r\n` +
        `content-type: ${PROBLEM_CONTENT_TYPE}\r\n` +
        `content-length: ${Buffer.byteLength(body)}\r\n` +
        `connection: close\r\n\r\n${body}`,
    );
  }
  socket.destroySoon();
}

function unreadable(code: string | undefined): string {
  if (code === 'HPE_HEADER_OVERFLOW') return 'The headers are too large.';
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'The request took too long to arrive.';
  return 'This is no HTTP request.';
}
