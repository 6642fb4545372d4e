import { mayQuote } from '@leftfold/core';
import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pathOf } from '../requests/path.js';
import type { Refusal } from './problem.js';
import { refusalFor } from './refusals.js';
import { sendProblem } from './send-problem.js';

/** Turns every error that is thrown while a request is answered into a problem document. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const refusal = refusalFor(error) ?? this.fault(error, request);
    if (reply.raw.headersSent) {
      // The headers are already sent: cutting the connection is the only way left to show the error.
      reply.raw.destroy();
      return;
    }
    sendProblem(reply, refusal, pathOf(request.url));
  }

  private fault(error: unknown, { id: correlationId, body, query }: FastifyRequest): Refusal {
    if (error instanceof Error) mayQuote(error, [body, query]);
    this.logger.error(error instanceof Error ? error : new Error('A value was thrown that is not an Error.'));
    return {
      code: 'internal-error',
      status: 500,
      detail: 'The server failed. Report the correlation id.',
      correlationId,
    };
  }
}
