import { SetupError } from '../../errors.js';
import type { RetryOptions } from '../../subscriptions/retry.decorator.js';
import type { SubscriptionRegistry } from '../../subscriptions/subscription-registry.js';
import { isSaga, sagasOf } from '../saga-subscription.js';

/** What puts commands into the outbox, such as a saga. Its name is stored with each of its commands. */
export interface CommandSource {
  readonly name: string;
  /** How its failed commands are retried. */
  readonly retry: Required<RetryOptions>;
  /** Actor of the events that its commands lead to. */
  readonly actor: string;
}

/** All sources of commands of this program. Commands of other sources stay in the outbox. */
export class CommandSources {
  private readonly besideSagas = new Map<string, CommandSource>();

  constructor(private readonly registry: SubscriptionRegistry) {}

  get all(): CommandSource[] {
    return [...sagasOf(this.registry).map(ofSaga), ...this.besideSagas.values()];
  }

  find(name: string): CommandSource | undefined {
    const subscription = this.registry.find(name);
    return subscription && isSaga(subscription) ? ofSaga(subscription) : this.besideSagas.get(name);
  }

  /** @throws SetupError when a subscription or another source has the name */
  add(source: CommandSource): void {
    const { name } = source;
    if (this.registry.find(name) || this.besideSagas.has(name)) {
      throw new SetupError(
        `Two recurring jobs, or a recurring job and a subscription, are named "${name}". Give one of them another name.`,
      );
    }
    this.besideSagas.set(name, source);
  }
}

function ofSaga({ name, retry }: Pick<CommandSource, 'name' | 'retry'>): CommandSource {
  return { name, retry, actor: `saga:${name}` };
}
