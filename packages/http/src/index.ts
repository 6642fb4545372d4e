export { configureHttp, type ServingOptions } from './configure-http.js';
export {
  type AdjustableLimits,
  type ConnectionLimits,
  CONNECTION_LIMITS,
  HttpServer,
} from './connections/http-server.js';
export { ApiOrNull } from './docs/api-or-null.js';
export { ApiPage } from './docs/api-page.js';
export { ApiProblems } from './docs/api-problems.js';
export { OutsideTheBuses } from './docs/header-marks.js';
export { Draining } from './draining.js';
export { EventItem, eventItem } from './history/event-item.js';
export { IsMoment } from './history/is-moment.js';
export { MomentQuery, requestsPastState, momentOf } from './history/moment.query.js';
export { isVersion } from './history/version-cursor.js';
export { HttpAdapter } from './http-adapter.js';
export { type HttpAsyncOptions, HttpModule } from './http.module.js';
export { encodeCursor, decodeCursor } from './lists/cursor.js';
export { DEFAULT_LIMIT, IsLimit, IsAfter } from './lists/list-parameters.js';
export { ListQuery } from './lists/list.query.js';
export { type Page, pageOf } from './lists/page.js';
export { wholeNumber } from './lists/whole-number.js';
export { COMMENT, retryBlock, eventBlock, positionBlock } from './live/live-block.js';
export { type LiveAnswer, LiveStreams } from './live/live-streams.js';
export { LiveModule } from './live/live.module.js';
export { delayUnlessAborted } from './live/delay-unless-aborted.js';
export { AwaitOutcome, type AwaitOutcomeOptions } from './outcomes/await-outcome.decorator.js';
export { stopOnFailover, stopOnSignals } from './process/stop-process.js';
export { ProblemFilter } from './problems/problem.filter.js';
export { PROBLEM_CONTENT_TYPE, Problem, type Refusal, problemOf } from './problems/problem.js';
export { type FieldError, ValidationFailedError } from './problems/validation-failed.error.js';
export type { Caller } from './requests/caller.js';
export { CurrentCaller } from './requests/current-caller.decorator.js';
export { IS_PUBLIC, type IsPublic, Public, PublicWhen } from './requests/public.decorator.js';
export { RefusesIdempotencyKey } from './requests/refuses-idempotency-key.js';
export { TakesNoBody } from './requests/takes-no-body.js';
export { IsNaturalKey } from './requests/natural-key.js';
export { NaturalKeyParam } from './requests/natural-key-param.pipe.js';
export { UuidParam } from './requests/uuid-param.pipe.js';
export { Versioned, type VersionedOptions } from './responses/versioned.js';
export type { HttpOptions } from './http-options.js';
export type { ApiTitle } from './docs/open-api.js';
