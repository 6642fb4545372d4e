import { EventLog, ExpectedError, isDatabaseAway, MessageContext, type RecordedEvent } from '@leftfold/core';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { ModuleRef, Reflector } from '@nestjs/core';
import { type IQuery, QueryBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { concatMap, type Observable } from 'rxjs';
import { entityTag } from '../responses/entity-tag.js';
import { OutcomeWaits } from './outcome-waits.js';
import { preferredWait } from './preferred-wait.js';

/** Metadata key of what a route waits for. */
export const OUTCOME = Symbol('leftfold.outcome');

/** See `AwaitOutcomeOptions`. */
export interface ResolvedOutcome {
  readonly types: readonly string[];
  readonly of?: (body: object) => string;
  readonly location: (body: object) => string;
  readonly query: (body: object) => IQuery;
  readonly answer: (row: unknown) => object;
}

/** In ms. */
const SECOND = 1_000;

/** Answers a command with its outcome, if the client prefers to wait for it; see `AwaitOutcome`. */
@Injectable()
export class OutcomeInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly modules: ModuleRef,
    private readonly context: MessageContext,
    private readonly queries: QueryBus,
  ) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = execution.switchToHttp();
    const seconds = preferredWait(http.getRequest<FastifyRequest>().headers.prefer);
    if (seconds === undefined) return next.handle();
    const deadline = AbortSignal.timeout(seconds * SECOND);
    const wanted = this.reflector.get<ResolvedOutcome>(OUTCOME, execution.getHandler());
    const reply = http.getResponse<FastifyReply>();
    return next.handle().pipe(
      concatMap(async (body: object) => {
        // A command that stored nothing leads to nothing.
        if (!this.context.outcome) return body;
        reply.header('preference-applied', `wait=${seconds}`);
        return (await this.outcomeOf(wanted, body, deadline, reply)) ?? pending(reply, wanted.location(body), body);
      }),
    );
  }

  private async outcomeOf(
    { types, of, query, answer }: ResolvedOutcome,
    body: object,
    deadline: AbortSignal,
    reply: FastifyReply,
  ): Promise<object | undefined> {
    const { correlationId } = this.context.origin;
    const place = of ? { stream: of(body) } : { correlationId };
    const waits = this.modules.get(OutcomeWaits, { strict: false });
    const after = this.context.outcome!.position;
    const event = await waits.first({ types, after, ...place }, until(deadline, reply)).catch(notInTime);
    if (!event) return undefined;
    const row = await this.read(query(body), event, deadline);
    if (row === undefined) return undefined;
    const answered = answer(row);
    const { version } = answered as { version?: unknown };
    // More may have been stored in the stream since: the row is newer than the event then.
    const isNewer = of !== undefined && typeof version === 'number' && version > event.version;
    const position = isNewer ? await this.positionOf(event.stream, version).catch(notInTime) : event.position;
    if (position === undefined) return undefined;
    reply.header('leftfold-position', String(position));
    if (typeof version === 'number') reply.header('etag', entityTag(version));
    return answered;
  }

  private async positionOf(stream: string, version: number): Promise<number | undefined> {
    const log = this.modules.get(EventLog, { strict: false });
    for await (const { position } of log.readStream(stream, { fromVersion: version, limit: 1 })) return position;
    return undefined;
  }

  /** The query's result, which includes the event; undefined if the read models are not there in time. */
  private async read(query: IQuery, { position }: RecordedEvent, deadline: AbortSignal): Promise<unknown> {
    const late = new Promise<undefined>((resolve) => {
      if (deadline.aborted) resolve(undefined);
      deadline.addEventListener('abort', () => resolve(undefined), { once: true });
    });
    const origin = { ...this.context.origin, minPosition: position };
    const row = this.context.run(origin, () => this.queries.execute<IQuery, unknown>(query)).catch(notInTime);
    return Promise.race([row, late]);
  }
}

/** Also when the client is gone. */
function until(deadline: AbortSignal, { raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once('close', () => gone.abort());
  return AbortSignal.any([deadline, gone.signal]);
}

/** The command is stored, so a database that is away, or read models that are behind, only mean that it takes longer. */
function notInTime(error: unknown): undefined {
  if (isDatabaseAway(error) || (error instanceof ExpectedError && error.kind === 'unavailable')) return undefined;
  throw error;
}

function pending(reply: FastifyReply, location: string, body: object): object {
  reply.status(202).header('location', location);
  return body;
}
