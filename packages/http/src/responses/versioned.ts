import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { requestsPastState } from '../history/moment.query.js';
import { entityTag, namesEntityTag } from './entity-tag.js';

const NOT_MODIFIED = 304;

@Injectable()
class VersionedInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    // A past state never changes: its version says nothing about the current state.
    if (requestsPastState(request)) return next.handle();
    return next.handle().pipe(map((body) => conditional(body, request, http.getResponse<FastifyReply>())));
  }
}

function conditional(body: unknown, { headers }: FastifyRequest, reply: FastifyReply): unknown {
  const version = (body as { version?: unknown } | undefined)?.version;
  if (typeof version !== 'number') return body;
  const tag = entityTag(version);
  reply.header('etag', tag);
  if (!namesEntityTag(headers['if-none-match'], tag)) return body;
  reply.status(NOT_MODIFIED);
  return undefined;
}

/** For a `GET` of one resource whose body has a `version`: the version is its entity tag, and a matching `If-None-Match` gets 304. */
export function Versioned(): MethodDecorator {
  return applyDecorators(
    UseInterceptors(VersionedInterceptor),
    ApiHeader({
      name: 'If-None-Match',
      required: false,
      description: 'The ETag that you have; the answer is 304 if it is current.',
    }),
  );
}
