import { createHash, timingSafeEqual } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { OPERATIONS_OPTIONS, type ResolvedOperationsOptions } from '../operations-options.js';
import { isFromThisMachine } from './from-this-machine.js';
import { ScrapeForbiddenError, ScrapeTokenInvalidError, ScrapeTokenMissingError } from './scrape.errors.js';

const BEARER = /^Bearer +(\S+) *$/i;

/** Accepts requests from this machine, and those with the metrics token. */
@Injectable()
export class ScrapeGuard implements CanActivate {
  private readonly expected: Buffer | undefined;

  constructor(@Inject(OPERATIONS_OPTIONS) { metricsToken }: ResolvedOperationsOptions) {
    this.expected = metricsToken === undefined ? undefined : digestOf(metricsToken);
  }

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (isFromThisMachine(request)) return true;
    if (!this.expected) throw ScrapeForbiddenError.becauseThereIsNoToken();
    const { authorization } = request.headers;
    if (authorization === undefined) throw new ScrapeTokenMissingError();
    const token = BEARER.exec(authorization)?.[1];
    // Digests have one length, so the comparison reveals nothing about the token.
    if (token === undefined || !timingSafeEqual(digestOf(token), this.expected)) throw new ScrapeTokenInvalidError();
    return true;
  }
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
