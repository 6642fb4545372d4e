import { Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { HttpMetrics } from '../metrics/http-metrics.js';
import { Draining } from './draining.js';
import { ProblemFilter } from './problems/problem.filter.js';
import { MessageContextInterceptor } from './requests/message-context.interceptor.js';
import { validationPipe } from './requests/validation.pipe.js';
import { CachingInterceptor } from './responses/caching.interceptor.js';

/** How every route reads requests and answers them. The kernel's `MessageContext` must be there. */
@Module({
  providers: [
    Draining,
    HttpMetrics,
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_PIPE, useFactory: validationPipe },
    { provide: APP_INTERCEPTOR, useClass: CachingInterceptor },
    { provide: APP_INTERCEPTOR, useClass: MessageContextInterceptor },
  ],
  exports: [HttpMetrics],
})
export class HttpModule {}
