import { SetupError } from '../errors.js';
import type { EntityClass } from '../databases/schema.js';
import type { EventClass } from '../events/domain-event.decorator.js';
import type { ProjectionHandler } from '../subscriptions/event-handler.js';
import { DEFAULT_CRASH_LIMIT, describeRetry } from '../subscriptions/retry.decorator.js';
import type { SubscriptionRegistry } from '../subscriptions/subscription-registry.js';
import type { Subscription } from '../subscriptions/subscription.js';
import { OwnRows } from './own-rows.js';
import type { KeyOfEvent, ProjectionOptions } from './projection.decorator.js';

/** Queries wait for a read model, so it gives up soon. */
const RETRY = {
  attempts: 6,
  backoff: { first: 50, longest: 5_000 },
  deaths: DEFAULT_CRASH_LIMIT,
  policy: 'restart' as const,
};

/** A read model of this application. */
export interface ReadModelSubscription extends Subscription {
  readonly kind: 'read-model';
  readonly entities: readonly EntityClass[];
  readonly handler: ProjectionHandler;
  readonly key: KeyOfEvent | undefined;
  /** Refuses rows of other streams; undefined when it may write any row. */
  readonly ownRows: OwnRows | undefined;
}

/**
 * @param types stored types of the events that it handles, sorted
 * @throws SetupError when its policy is to park events
 */
export function readModelSubscription(
  handlerClass: EventClass,
  { name, version = 1, entities, key, partitioned = false }: ProjectionOptions,
  handler: object,
  types: readonly string[],
): ReadModelSubscription {
  const retry = { ...RETRY, ...describeRetry(handlerClass) };
  if (retry.policy === 'park') {
    throw new SetupError(
      `@Retry on ${handlerClass.name}: a read model can't park an event, because later rows may depend on it. ` +
        `Use the policy 'restart' or 'stop'.`,
    );
  }
  return {
    kind: 'read-model',
    name,
    version,
    types,
    entities,
    key,
    retry,
    handler: handler as ProjectionHandler,
    partitioned,
    ownRows: partitioned ? new OwnRows(name) : undefined,
  };
}

export function isReadModel(subscription: Subscription): subscription is ReadModelSubscription {
  return subscription.kind === 'read-model';
}

export function readModelsOf(registry: SubscriptionRegistry): ReadModelSubscription[] {
  return registry.all.filter(isReadModel);
}

/** @throws SetupError when another read model writes one of its entities */
export function refuseSharedEntities(
  handlerClass: EventClass,
  subscription: ReadModelSubscription,
  registry: SubscriptionRegistry,
): void {
  for (const other of readModelsOf(registry)) {
    const shared = subscription.entities.find((entity) => other.entities.includes(entity));
    if (shared) {
      throw new SetupError(
        `${handlerClass.name} writes ${entityName(shared)}, which the projection "${other.name}" owns. ` +
          `Give each projection entities of its own.`,
      );
    }
  }
}

export function entityName(entity: EntityClass): string {
  return typeof entity === 'function' ? entity.name : entity.options.name;
}
