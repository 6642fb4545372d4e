import { type EventClass, storedNamesOf } from '@leftfold/core';
import { applyDecorators, SetMetadata, UseInterceptors } from '@nestjs/common';
import type { IQuery } from '@nestjs/cqrs';
import { ApiHeader } from '@nestjs/swagger';
import { OUTCOME, OutcomeInterceptor, type ResolvedOutcome } from './outcome.interceptor.js';
import { LONGEST_WAIT } from './preferred-wait.js';

/**
 * What a route waits for, and how it answers.
 * @typeParam Body what the route answers without waiting
 * @typeParam Row what the query finds
 */
export interface AwaitOutcomeOptions<Body extends object, Row> {
  /** Event classes of which one ends the process. */
  readonly events: readonly EventClass[];
  /**
   * Stream of the ending event. Without it, the first one with the request's correlation id counts; then a repeat with
   * the same `Idempotency-Key` is not answered with the outcome, because it has a correlation id of its own.
   */
  readonly of?: (body: Body) => string;
  /** Path at which the outcome can be found later, for the header `Location`. */
  readonly location: (body: Body) => string;
  /** The query whose result is answered. It waits until the read models include the ending event; see `ReadsFrom`. */
  readonly query: (body: Body) => IQuery;
  /** Turns the result of the query into the answer's body. */
  readonly answer: (row: Row) => object;
}

/**
 * Lets a client wait for what follows from a command, with `Prefer: wait=<seconds>` (RFC 7240), at most 30. When one of the
 * events comes in time, on any node, the answer is the route's usual status with the query's result, and its position
 * and version. Otherwise it is 202 with the usual body and a `Location`. `Preference-Applied` says how long it would
 * have waited. Without the header, or when the command stored nothing, nothing changes.
 * @throws SetupError when an event class has no stored name
 */
export function AwaitOutcome<Body extends object, Row>(options: AwaitOutcomeOptions<Body, Row>): MethodDecorator {
  const { events, ...rest } = options;
  const resolved = { ...rest, types: events.flatMap(storedNamesOf) };
  return applyDecorators(
    SetMetadata(OUTCOME, resolved as unknown as ResolvedOutcome),
    UseInterceptors(OutcomeInterceptor),
    ApiHeader({
      name: 'Prefer',
      required: false,
      description: `\`wait=<seconds>\`, at most ${LONGEST_WAIT}: the answer is what came of it, else 202 with a Location.`,
    }),
  );
}
