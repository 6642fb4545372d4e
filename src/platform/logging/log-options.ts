import { type LoggedError, serializeError, withoutPersonalData } from '@leftfold/core';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Options } from 'pino-http';
import { quietStart } from './quiet-start.js';

/** Wherever one of these names turns up in a line, its value is taken out. */
const SECRET_NAMES = [
  'password',
  'newPassword',
  'token',
  'accessToken',
  'authorization',
  'cookie',
  'secret',
  'jwtSecret',
  'metricsToken',
];

/** One JSON line a request, with neither headers nor body, and no query: any of them may hold what nobody should read. */
export function logOptions(level: string): Options {
  return {
    level,
    wrapSerializers: false,
    serializers: { req: describeRequest, res: describeResponse, err: loggedError, error: loggedError },
    redact: { paths: SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[removed]' },
    hooks: quietStart,
    quietReqLogger: true,
    customAttributeKeys: { reqId: 'correlationId' },
    customLogLevel: levelOf,
    customErrorObject: withoutMadeUpError,
    customErrorMessage: () => 'request failed',
  };
}

/** Pino gives serializers more than the value. */
const loggedError = (error: unknown): LoggedError => serializeError(error);

function describeRequest(request: IncomingMessage): object {
  return { method: request.method, path: withoutPersonalData(pathOf(request) ?? '') };
}

/** While middleware runs, `url` lacks what the middleware was mounted on. */
function pathOf({ originalUrl, url = '' }: IncomingMessage & { originalUrl?: string }): string | undefined {
  return (originalUrl ?? url).split('?', 1)[0];
}

function describeResponse({ statusCode }: ServerResponse): object {
  return { statusCode };
}

function levelOf(request: IncomingMessage, response: ServerResponse): 'debug' | 'info' | 'warn' {
  // Asked every few seconds, for as long as the process runs.
  if (/^\/(health\/|metrics$)/.test(pathOf(request) ?? '')) return 'debug';
  return response.statusCode >= 500 ? 'warn' : 'info';
}

/** For a status of 500 and more pino-http makes up an error; the true one has been logged where it was caught. */
function withoutMadeUpError(_request: IncomingMessage, response: ServerResponse, error: Error, line: object): object {
  return { ...line, err: response.statusCode >= 500 ? undefined : error };
}
