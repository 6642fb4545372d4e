import { NotFoundException } from '@nestjs/common';
import type { onRequestHookHandler, onSendHookHandler } from 'fastify';
import type { Draining } from './draining.js';
import { ShuttingDownError } from './problems/shutting-down.error.js';
import { ValidationFailedError } from './problems/validation-failed.error.js';
import { CORRELATION_HEADER } from './requests/correlation.js';

/** Every answer names the correlation id of its request. */
export const sendCorrelationId: onRequestHookHandler = (request, reply, done) => {
  reply.header(CORRELATION_HEADER, request.id);
  done();
};

/** Before the body is read: an unknown route is answered as such, with any body. */
export const refuseUnknownRoutes: onRequestHookHandler = (request, _reply, done) => {
  done(request.is404 ? new NotFoundException() : undefined);
};

/** More than any route has. Each unknown parameter costs time in validation, which blocks all other requests. */
const MOST_PARAMETERS = 100;

/** Before the query's parameters are checked one by one. */
export const refuseLongQueries: onRequestHookHandler = ({ url }, _reply, done) => {
  const separators = url.includes('?') ? url.split('&', MOST_PARAMETERS + 1).length - 1 : 0;
  const message = `The query has more than ${MOST_PARAMETERS} parameters.`;
  done(separators < MOST_PARAMETERS ? undefined : ValidationFailedError.ofField('query', message));
};

export function refuseWhileDraining(draining: Draining): onRequestHookHandler {
  return (_request, _reply, done) => {
    done(draining.hasBegun ? new ShuttingDownError() : undefined);
  };
}

/** A connection that is kept alive after its last answer would keep the server from closing. */
export function closeConnectionsWhileDraining(draining: Draining): onSendHookHandler {
  return (_request, reply, _payload, done) => {
    if (draining.hasBegun) reply.header('connection', 'close');
    done();
  };
}

/** @param served matches the URLs that are answered; for every other URL the answer is `route-not-found` */
export function serveOnly(served: RegExp): onRequestHookHandler {
  return (request, _reply, done) => {
    done(served.test(request.url) ? undefined : new NotFoundException());
  };
}
