import { Logger } from '@nestjs/common';
import type { CommandBus } from '@nestjs/cqrs';
import type { MessageContext } from '../../commands/message-context.js';
import type { StoredCommands } from '../../commands/stored-commands.js';
import { decodeJson, type JsonObject } from '../../events/json.js';
import { isRefusal } from '../../errors.js';
import { pauseAfter } from '../../subscriptions/retry-policy.js';
import type { RetryOptions } from '../../subscriptions/retry.decorator.js';
import { failureOf } from '../../subscriptions/parking/failure.js';
import { needsNewerProgram } from './newer-program.js';
import type { Telemetry } from '../../telemetry.js';
import type { SealedCopies } from '../../personal-data/sealed-copies.js';
import { dataOf } from './pending-command.js';
import type { ClaimedCommand, ExecutionOutcome } from './claimed-command.js';
import type { CommandSources } from './command-sources.js';

/** Until a command is tried again that this version of the program can't execute, in ms. */
const LEFT_BACKOFF = { first: 5_000, longest: 5_000 };

/** Executes commands of the outbox through the command bus and determines their outcomes. */
export class CommandExecutor {
  private readonly logger = new Logger('saga commands');

  constructor(
    private readonly bus: CommandBus,
    private readonly context: MessageContext,
    private readonly commands: StoredCommands,
    private readonly sources: CommandSources,
    private readonly telemetry: Telemetry,
    private readonly copies: SealedCopies,
  ) {}

  /** Never rejects: an error of the command is its outcome. */
  async execute(claimed: ClaimedCommand): Promise<ExecutionOutcome> {
    const { retry, actor } = this.sources.find(claimed.saga)!;
    if (claimed.deaths >= retry.deaths) {
      const message = `The process died ${claimed.deaths} times while it executed this command, or was blocked for longer than its lease.`;
      this.logger.error(`${message} ${describe(claimed)}`);
      return { kind: 'dead', failure: { message, stack: null } };
    }
    let plain = claimed;
    let quotes = false;
    try {
      const data = await this.copies.open(claimed.data, dataOf(claimed.id));
      if (data === undefined) {
        this.logger.log(`Dropped, because it quotes somebody who is forgotten. ${describe(claimed)}`);
        return { kind: 'done' };
      }
      quotes = data !== claimed.data;
      plain = { ...claimed, data };
      await this.run(plain, actor);
      return { kind: 'done' };
    } catch (error) {
      return this.judge(plain, retry, error, quotes);
    }
  }

  private async run(claimed: ClaimedCommand, actor: string): Promise<void> {
    const { id, correlationId, causationId, traceparent, custom } = claimed;
    const command = this.commands.revive(claimed);
    const origin = {
      actor,
      correlationId,
      // A command of a recurring job has no event that caused it.
      causationId: causationId === '' ? undefined : causationId,
      traceparent: traceparent ?? undefined,
      custom: custom === null ? undefined : decodeJson<JsonObject>(custom),
    };
    // The id is kept for ever, because a frozen process may execute the command again at any later time.
    await this.context.run({ ...origin, commandId: id }, () => this.bus.execute(command));
  }

  /** @param quotes whether the command quotes personal fields of its event, in any of its own */
  private judge(
    claimed: ClaimedCommand,
    { attempts, backoff }: Required<RetryOptions>,
    error: unknown,
    quotes: boolean,
  ): ExecutionOutcome {
    const data = parsed(claimed.data);
    if (!data) {
      // The parser's error would quote the data, which may be personal.
      const message =
        'The stored data of this command is damaged. Restore it from a backup, or discard the dead letter.';
      this.logger.error(`${message} ${describe(claimed)}`);
      return { kind: 'dead', failure: { message, stack: null } };
    }
    const failure = failureOf(error, { data, ...(quotes && { personalFields: [{ value: data }] }) });
    if (isRefusal(error)) {
      if (claimed.hasCompensation) this.logger.log(`Refused, and compensated: ${failure.message} ${describe(claimed)}`);
      else this.logger.warn(`Refused for good: ${failure.message} ${describe(claimed)}`);
      return { kind: 'refused', failure };
    }
    const failures = claimed.tries - claimed.deaths;
    // Attempts that don't count leave one try, the one that is under way.
    if (needsNewerProgram(error) && failures <= attempts) {
      this.logger.warn(`${failure.message} ${describe(claimed)}; left to a node that can execute it.`);
      return { kind: 'left', failure, dueIn: pauseAfter(1, LEFT_BACKOFF) };
    }
    if (failures >= attempts) {
      this.logger.error(`Given up after ${failures} attempts: ${failure.message} ${describe(claimed)}`, failure.stack);
      return { kind: 'dead', failure };
    }
    this.logger.warn(`${failure.message} ${describe(claimed)}; trying again.`);
    this.telemetry.retried(claimed.saga, 'command');
    return { kind: 'failed', failure, dueIn: pauseAfter(failures, backoff) };
  }
}

/** Undefined when the data is no JSON. */
function parsed(data: string): JsonObject | undefined {
  try {
    return decodeJson<JsonObject>(data);
  } catch {
    return undefined;
  }
}

function describe({ name, saga, position }: ClaimedCommand): string {
  return position === 0 ? `(${name} of ${saga})` : `(${name} of ${saga}, caused by the event at position ${position})`;
}
