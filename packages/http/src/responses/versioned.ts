import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { requestsPastState } from '../history/moment.query.js';
import { entityTag, namesEntityTag } from './entity-tag.js';

const NOT_MODIFIED = 304;

/** When a version does not tell whether a body is current. */
export interface VersionedOptions<Body> {
  /**
   * Whether this body may have changed without a new version, such as when a person in it was forgotten. It is then sent whole,
   * also to a client that has the version.
   */
  readonly mayHaveChanged?: (body: Body) => boolean;
}

class VersionedInterceptor<Body> implements NestInterceptor<Body> {
  constructor(private readonly mayHaveChanged: (body: Body) => boolean) {}

  intercept(context: ExecutionContext, next: CallHandler<Body>): Observable<Body> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    // A past state never changes: its version says nothing about the current state.
    if (requestsPastState(request)) return next.handle();
    const reply = http.getResponse<FastifyReply>();
    return next.handle().pipe(map((body) => (this.isCurrent(body, request, reply) ? (undefined as Body) : body)));
  }

  /** Whether the client has this body. It is answered 304 then. */
  private isCurrent(body: Body, { headers }: FastifyRequest, reply: FastifyReply): boolean {
    const version = (body as { version?: unknown } | undefined)?.version;
    if (typeof version !== 'number') return false;
    const tag = entityTag(version);
    reply.header('etag', tag);
    if (!namesEntityTag(headers['if-none-match'], tag) || this.mayHaveChanged(body)) return false;
    reply.status(NOT_MODIFIED);
    return true;
  }
}

/** For a `GET` of one resource whose body has a `version`: the version is its entity tag, and a matching `If-None-Match` gets 304. */
export function Versioned<Body>({ mayHaveChanged = () => false }: VersionedOptions<Body> = {}): MethodDecorator {
  return applyDecorators(
    UseInterceptors(new VersionedInterceptor(mayHaveChanged)),
    ApiHeader({
      name: 'If-None-Match',
      required: false,
      description: 'The ETag that you have; the answer is 304 if it is current.',
    }),
  );
}
