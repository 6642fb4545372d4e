import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';

/** By default an answer is private to its caller and must be revalidated before reuse. A route may set other headers. */
@Injectable()
export class CachingInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const reads = ['GET', 'HEAD'].includes(http.getRequest<FastifyRequest>().method);
    if (reads && !reply.hasHeader('cache-control')) reply.header('cache-control', 'private, no-cache');
    return next.handle();
  }
}
