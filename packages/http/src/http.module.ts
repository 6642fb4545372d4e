import { type DynamicModule, type FactoryProvider, Module, type ModuleMetadata } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { Draining } from './draining.js';
import { HTTP_OPTIONS, type HttpOptions, resolveHttpOptions } from './http-options.js';
import { OutcomeWaits } from './outcomes/outcome-waits.js';
import { ProblemFilter } from './problems/problem.filter.js';
import { MessageContextInterceptor } from './requests/message-context.interceptor.js';
import { validationPipe } from './requests/validation.pipe.js';
import { CachingInterceptor } from './responses/caching.interceptor.js';

/** How the options are made when that needs other providers of the application. */
export interface HttpAsyncOptions
  extends Pick<FactoryProvider<HttpOptions>, 'inject' | 'useFactory'>, Pick<ModuleMetadata, 'imports'> {}

/**
 * How every route reads requests and answers them: problem documents, validation, message context, caching headers.
 * `EventSourcingModule` must be imported, too. Call `configureHttp` before the application listens.
 */
@Module({})
export class HttpModule {
  static forRoot(options: HttpOptions = {}): DynamicModule {
    return HttpModule.forRootAsync({ useFactory: () => options });
  }

  /** Like `forRoot`, with options from a factory. */
  static forRootAsync({ imports = [], inject = [], useFactory }: HttpAsyncOptions): DynamicModule {
    return {
      module: HttpModule,
      imports,
      providers: [
        {
          provide: HTTP_OPTIONS,
          inject,
          useFactory: async (...args: unknown[]) => resolveHttpOptions(await useFactory(...args)),
        },
        Draining,
        OutcomeWaits,
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useFactory: validationPipe },
        { provide: APP_INTERCEPTOR, useClass: CachingInterceptor },
        { provide: APP_INTERCEPTOR, useClass: MessageContextInterceptor },
      ],
    };
  }
}
