import { Injectable } from '@nestjs/common';
import { ClsService } from 'nestjs-cls';
import { v5 as uuidv5, v7 as uuidv7 } from 'uuid';
import type { EventMetadata } from '../events/metadata.js';
import { CommandScope, type HandlerRun, type RootScope } from './command-scope.js';
import type { CommandOutcome, Origin } from './origin.js';
import { UnitOfWork } from './unit-of-work.js';

interface Context {
  readonly origin: Origin;
  readonly root: RootScope;
  /** The handler that is running. */
  readonly handler: HandlerRun | undefined;
  /** The handler that opened this context for another message. */
  readonly opener: HandlerRun | undefined;
}

const KEY = Symbol('leftfold');

/** Carries the origin of a message (actor, cause, command id) from the edge of the application to the append. */
@Injectable()
export class MessageContext {
  constructor(private readonly cls: ClsService) {}

  /** Opens a context for an incoming message. Everything that `work` awaits runs in it. */
  run<T>(origin: Origin, work: () => T): T {
    const root = { executed: 0, recorded: undefined };
    return this.enter({ origin, root, handler: undefined, opener: this.current?.handler }, work);
  }

  /**
   * Opens the scope of one command within the current context, or within a system context if there is none.
   * @internal
   */
  runCommand<T>(work: (scope: CommandScope, unit: UnitOfWork) => T): T {
    const context = this.current;
    if (!context) return this.run(this.origin, () => this.runCommand(work));
    const { origin, root, handler } = context;
    const scope = handler ? handler.scope.child() : rootScope(origin, root);
    const unit = new UnitOfWork();
    return this.enter({ ...context, handler: { scope, unit } }, () => work(scope, unit));
  }

  /**
   * Runs the handler of the current command again, with a unit of its own: what an earlier run left running must not take
   * part in this one.
   * @internal
   */
  runAgain<T>(scope: CommandScope, work: (unit: UnitOfWork) => T): T {
    const unit = new UnitOfWork();
    return this.enter({ ...this.current!, handler: { scope, unit } }, () => work(unit));
  }

  /**
   * Called before something else is stored on behalf of the running handler, such as a nested command. It must find what
   * the handler has decided, and must not be done again by another run.
   * @internal
   * @throws what storing the decision throws
   */
  async storeDecided(): Promise<void> {
    const { handler, opener } = this.current ?? {};
    const run = handler ?? opener;
    if (!run) return;
    const storing = run.unit.store();
    if (storing) await storing;
    run.scope.isRepeatable = false;
  }

  /** The origin of the current context; outside a context, the system. */
  get origin(): Origin {
    return this.current?.origin ?? { actor: 'system', correlationId: uuidv7() };
  }

  /** @internal */
  get command(): CommandScope | undefined {
    return this.current?.handler?.scope;
  }

  /**
   * What the running handler decides.
   * @internal
   */
  get unit(): UnitOfWork | undefined {
    return this.current?.handler?.unit;
  }

  /**
   * What the last command in this context stored in the log; of nested commands, the outermost that appended. What a
   * command decides is stored when its handler has returned, so the handler itself can't read it here.
   */
  get outcome(): CommandOutcome | undefined {
    return this.current?.root.recorded?.outcome;
  }

  /**
   * Does work once what the current command decided is stored, such as clearing a cache. All of it is done, even if some
   * fails, which fails the command. It is done at the end of a command that has nothing to store, too. Not done when the
   * command fails before anything is stored, or the process dies before: what must happen is a side effect. Outside a command
   * it is done at once.
   */
  async afterStored(work: () => void | Promise<void>): Promise<void> {
    const { unit } = this;
    if (!unit || unit.isOver) return work();
    unit.afterwards(work);
  }

  /** Metadata for new events. */
  get metadata(): EventMetadata {
    const { actor, correlationId, causationId, traceparent, custom } = this.origin;
    return { actor, correlationId, causationId, commandId: this.command?.commandId, traceparent, custom };
  }

  private get current(): Context | undefined {
    return this.cls.isActive() ? this.cls.get<Context | undefined>(KEY) : undefined;
  }

  private enter<T>(context: Context, work: () => T): T {
    return this.cls.run(() => {
      this.cls.set(KEY, context);
      return work();
    });
  }
}

/** The first command of a context gets the context's command id. Further commands get ids derived from it. */
function rootScope(origin: Origin, root: RootScope): CommandScope {
  const { commandId, keepFor } = origin;
  const number = root.executed++;
  if (number === 0) return new CommandScope(commandId, origin, 0, root);
  return new CommandScope(commandId && uuidv5(`root ${number}`, commandId), { keepFor }, 0, root);
}
