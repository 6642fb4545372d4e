import type { FastifyReply } from 'fastify';
import { PROBLEM_CONTENT_TYPE, problemOf, type Refusal } from './problem.js';
import { STATUS_OF } from './statuses.js';

/**
 * Sends a refusal as a problem document.
 * @param path of the request
 */
export function sendProblem(reply: FastifyReply, refusal: Refusal, path: string): void {
  const { status, code, retryAfter } = refusal;
  // An entity tag or a position that was set before belongs to the answer that failed.
  for (const header of ['etag', 'leftfold-position']) reply.removeHeader(header);
  if (status === STATUS_OF.unauthenticated) reply.header('www-authenticate', challenge(code));
  if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
  void reply
    .status(status)
    .header('content-type', PROBLEM_CONTENT_TYPE)
    .send(JSON.stringify(problemOf(refusal, path)));
}

/** RFC 6750, section 3: only a token that was sent can be invalid. */
function challenge(code: string): string {
  return code === 'token-invalid' ? 'Bearer error="invalid_token"' : 'Bearer';
}
