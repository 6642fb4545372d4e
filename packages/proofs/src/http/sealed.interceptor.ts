import { MessageContext } from '@leftfold/core';
import { ValidationFailedError } from '@leftfold/http';
import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { concatMap, type Observable } from 'rxjs';
import { PROOFS_OPTIONS, type ResolvedProofsOptions } from '../sealing/proofs-options.js';
import { Sealed } from '../sealing/sealed.js';

const WAIT = 'leftfold-wait';
const SEALED = 'leftfold-sealed';
const ACCEPTED = 202;

/**
 * Answers a command with `Leftfold-Wait: sealed` when a signed checkpoint covers the position that it answers; at the limit with 202 and
 * `Leftfold-Sealed: false`. The command is stored in both cases. Where proofs are off nothing is ever sealed, so it waits for
 * nothing.
 */
@Injectable()
export class SealedInterceptor implements NestInterceptor {
  constructor(
    private readonly context: MessageContext,
    private readonly sealed: Sealed,
    @Inject(PROOFS_OPTIONS) private readonly options: ResolvedProofsOptions | undefined,
  ) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = execution.switchToHttp();
    const wait = http.getRequest<FastifyRequest>().headers[WAIT];
    if (wait === undefined) return next.handle();
    if (wait !== 'sealed') throw ValidationFailedError.ofField('Leftfold-Wait', 'Leftfold-Wait can only be "sealed".');
    return next.handle().pipe(
      concatMap(async (body: unknown) => {
        const { outcome } = this.context;
        // A query, or a command that stored nothing.
        if (!outcome) return body;
        const reply = http.getResponse<FastifyReply>();
        // A route that answers with what followed from the command has set its position, which is later.
        const position = Number(reply.getHeader('leftfold-position') ?? outcome.position);
        const isSealed = await this.sealed.waitFor(position, this.options?.waitLimit ?? 0);
        reply.header(SEALED, String(isSealed));
        if (!isSealed) reply.status(ACCEPTED);
        return body;
      }),
    );
  }
}
