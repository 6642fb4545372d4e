import { Inject, Injectable } from '@nestjs/common';
import { CommandBus, type ICommand, type ICommandHandler } from '@nestjs/cqrs';
import type { InstanceWrapper } from '@nestjs/core/injector/instance-wrapper.js';
import { EventLog } from '../event-log/event-log.js';
import type { CommandScope } from './command-scope.js';
import { MessageContext } from './message-context.js';
import { StoredCommands } from './stored-commands.js';
import type { UnitOfWork } from './unit-of-work.js';

/**
 * The command bus of `@nestjs/cqrs` with a scope for each command, which holds its id. What a handler decides is stored
 * when it has returned. A handler whose decision is outdated by then runs again.
 */
@Injectable()
export class ContextualCommandBus extends CommandBus {
  @Inject(MessageContext) private readonly context: MessageContext;
  @Inject(EventLog) private readonly log: EventLog;
  @Inject(StoredCommands) private readonly stored: StoredCommands;

  override async execute<T extends ICommand, R>(command: T): Promise<R> {
    await this.context.storeDecided();
    return this.context.runCommand(async (scope, unit) => {
      try {
        let run = await this.runOnce<T, R>(command, scope, unit);
        while (!run) run = await this.context.runAgain(scope, (next) => this.runOnce<T, R>(command, scope, next));
        return run.result;
      } finally {
        scope.endTurn();
      }
    });
  }

  /** @returns undefined when the handler must run again */
  private async runOnce<T extends ICommand, R>(
    command: T,
    scope: CommandScope,
    unit: UnitOfWork,
  ): Promise<{ result: R } | undefined> {
    try {
      const result = await super.execute<T, R>(command);
      await unit.complete();
      return { result };
    } catch (error) {
      await unit.drop();
      if (unit.isOutdated && scope.isRepeatable) return undefined;
      const first = await this.firstOutcome(scope);
      if (!first) throw error;
      await unit.followUp();
      return { result: first.result as R };
    }
  }

  protected override registerHandler(handler: InstanceWrapper<ICommandHandler<ICommand>>): void {
    super.registerHandler(handler);
    this.stored.addHandler(handler.inject ? handler.instance.constructor : handler.metatype!);
  }

  /**
   * The refusal may be due to an event of this same command's first attempt. Then the outcome of that attempt is the
   * answer.
   */
  private async firstOutcome(scope: CommandScope) {
    if (!scope.commandId || scope.hasRecorded) return undefined;
    const stored = await this.log.findCommand(scope.commandId);
    if (!stored) return undefined;
    scope.refuseOther(stored);
    scope.record({ position: stored.position, version: Object.values(stored.versions)[0] ?? 0, repeated: true });
    return stored;
  }
}
