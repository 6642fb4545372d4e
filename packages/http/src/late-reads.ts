import type { onRequestHookHandler } from 'fastify';
import type { Refusal } from './problems/problem.js';
import { sendProblem } from './problems/send-problem.js';
import { STATUS_OF } from './problems/statuses.js';
import { pathOf } from './requests/path.js';

const LATE: Refusal = {
  code: 'busy',
  status: STATUS_OF.unavailable,
  detail: 'There was no answer in time. Try again.',
  retryAfter: 1,
};

/**
 * Answers a read that takes longer than this, in ms, with `busy`. A database, or a network, that takes requests and answers none would
 * keep the client waiting for as long as it does. A command is not ended, because it may be stored all the same.
 */
export function answerLateReads(limit: number): onRequestHookHandler {
  return (request, reply, done) => {
    if (request.method === 'GET' || request.method === 'HEAD') {
      const { raw } = reply;
      const timer = setTimeout(() => {
        // The beginning of an answer was sent, such as that of a live stream.
        if (reply.sent || raw.headersSent) return;
        sendProblem(reply, LATE, pathOf(request.url));
      }, limit);
      timer.unref();
      raw.once('close', () => clearTimeout(timer));
    }
    done();
  };
}
