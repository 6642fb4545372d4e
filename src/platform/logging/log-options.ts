import { type LoggedError, serializeError, withoutPersonalData } from '@leftfold/core';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { hostname } from 'node:os';
import type { Options } from 'pino-http';
import { quietStart } from './quiet-start.js';

/** Properties with these names are removed from every log line. */
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

/**
 * One JSON line per request, without headers, body and query: each may contain private data.
 * @param node name of this node, which is on every line
 */
export function logOptions(level: string, node?: string): Options {
  return {
    level,
    base: { pid: process.pid, hostname: hostname(), ...(node === undefined ? {} : { node }) },
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

/** Pino passes more than the value to serializers. */
const loggedError = (error: unknown): LoggedError => serializeError(error);

function describeRequest(request: IncomingMessage): object {
  return { method: request.method, path: withoutPersonalData(pathOf(request) ?? '') };
}

/** While middleware runs, `url` lacks the middleware's mount path. */
function pathOf({ originalUrl, url = '' }: IncomingMessage & { originalUrl?: string }): string | undefined {
  return (originalUrl ?? url).split('?', 1)[0];
}

function describeResponse({ statusCode }: ServerResponse): object {
  return { statusCode };
}

function levelOf(request: IncomingMessage, response: ServerResponse): 'debug' | 'info' | 'warn' {
  // Polled every few seconds for as long as the process runs.
  if (/^\/(health\/|metrics$)/.test(pathOf(request) ?? '')) return 'debug';
  return response.statusCode >= 500 ? 'warn' : 'info';
}

/** For a status of 500 or more pino-http makes up an error; the real error was logged where it was caught. */
function withoutMadeUpError(_request: IncomingMessage, response: ServerResponse, error: Error, line: object): object {
  return { ...line, err: response.statusCode >= 500 ? undefined : error };
}
