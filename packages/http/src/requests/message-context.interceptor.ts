import { type CommandOutcome, MessageContext, type Origin } from '@leftfold/core';
import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Observable, tap } from 'rxjs';
import { HTTP_OPTIONS, type ResolvedHttpOptions } from '../http-options.js';
import { entityTag } from '../responses/entity-tag.js';
import './caller.js';
import { traceparentFrom } from './correlation.js';
import { Fingerprints } from './fingerprints.js';
import { idempotencyOf } from './idempotency.js';
import { expectedVersionFrom, minPositionFrom } from './preconditions.js';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Opens the message context for a request's command or query, and sets the headers that tell the stored version and position. */
@Injectable()
export class MessageContextInterceptor implements NestInterceptor {
  private readonly fingerprints: Fingerprints;

  constructor(
    private readonly context: MessageContext,
    @Inject(HTTP_OPTIONS) private readonly options: ResolvedHttpOptions,
  ) {
    this.fingerprints = new Fingerprints(options.fingerprintSecrets);
  }

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = execution.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const safe = SAFE_METHODS.has(request.method);
    const origin = {
      ...originOf(request, safe),
      ...(safe ? {} : idempotencyOf(request, this.options.idempotencyTtl, this.fingerprints)),
    };
    return new Observable((subscriber) =>
      this.context.run(origin, () => {
        const answer = next.handle();
        if (safe) return answer.subscribe(subscriber);
        const withHeaders = tap(() => setOutcomeHeaders(http.getResponse<FastifyReply>(), this.context.outcome));
        return answer.pipe(withHeaders).subscribe(subscriber);
      }),
    );
  }
}

function originOf({ caller, id, headers }: FastifyRequest, safe: boolean): Origin {
  const traceparent = traceparentFrom(headers.traceparent);
  const expectedVersion = safe ? undefined : expectedVersionFrom(headers['if-match']);
  const minPosition = minPositionFrom(headers['leftfold-min-position']);
  return {
    actor: caller?.userId ?? 'anonymous',
    correlationId: id,
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(expectedVersion === undefined ? {} : { expectedVersion }),
    ...(minPosition === undefined ? {} : { minPosition }),
  };
}

function setOutcomeHeaders(reply: FastifyReply, outcome: CommandOutcome | undefined): void {
  if (!outcome) return;
  // A route that answers with what followed from the command has set its position and version.
  if (!reply.hasHeader('leftfold-position')) reply.header('leftfold-position', String(outcome.position));
  if (!reply.hasHeader('etag')) reply.header('etag', entityTag(outcome.version));
  if (outcome.repeated) reply.header('idempotent-replayed', 'true');
}
