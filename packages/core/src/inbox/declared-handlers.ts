import { SetupError } from '../errors.js';
import { describeRetry, PARKING_RETRY, type RetryOptions } from '../subscriptions/retry.decorator.js';
import type { MessageHandler } from './incoming-message.js';

/** A handler with its retry options filled in. */
export interface DeclaredHandler extends MessageHandler {
  readonly retry: Required<RetryOptions>;
}

/** As for subscriptions, and short enough for the name of a consumer. */
const NAME = /^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/;

/** The message handlers of this program. Messages of others stay where they are. */
export class DeclaredHandlers {
  private readonly byName = new Map<string, DeclaredHandler>();
  private readonly mistakes: string[] = [];

  get all(): DeclaredHandler[] {
    return [...this.byName.values()];
  }

  get names(): string[] {
    return [...this.byName.keys()];
  }

  find(name: string): DeclaredHandler | undefined {
    return this.byName.get(name);
  }

  /** @throws SetupError when there is none with this name */
  named(name: string): DeclaredHandler {
    const handler = this.find(name);
    if (handler) return handler;
    const known = this.names.map((each) => `"${each}"`).join(', ') || 'none';
    throw new SetupError(
      `There is no message handler "${name}". This program has ${known}. ` +
        'Add it with "inbox.add" in "onModuleInit", or correct the name.',
    );
  }

  /** A mistake is kept until `check`: thrown while modules are initialized, it would leave the databases open. */
  add(declaredBy: Function, handler: MessageHandler): void {
    const { name } = handler;
    if (!NAME.test(name)) {
      this.mistakes.push(
        `A message handler is named "${name}". Write '<feature>.<what-it-does>', in lower case with hyphens.`,
      );
    }
    if (this.byName.has(name)) {
      this.mistakes.push(`Two message handlers are named "${name}". Give one of them another name.`);
    }
    const retry = { ...PARKING_RETRY, ...describeRetry(declaredBy) };
    this.byName.set(name, { name, retry, read: (message) => handler.read(message) });
  }

  /**
   * @param isTaken whether a subscription or a recurring job has this name: a dead letter names only one
   * @throws SetupError when a handler's name has another form or is taken
   */
  check(isTaken: (name: string) => boolean): void {
    const [mistake] = this.mistakes;
    if (mistake !== undefined) throw new SetupError(mistake);
    const taken = this.names.find(isTaken);
    if (taken === undefined) return;
    throw new SetupError(
      `A message handler, and a subscription or a recurring job, are named "${taken}". Give one of them another name.`,
    );
  }
}
