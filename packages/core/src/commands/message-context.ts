import { Injectable } from '@nestjs/common';
import { ClsService } from 'nestjs-cls';
import { v5 as uuidv5, v7 as uuidv7 } from 'uuid';
import { ExpectedError } from '../errors.js';
import { EventLogUnavailableError } from '../event-log/event-log.errors.js';
import type { AppendOptions, AppendResult } from '../event-log/event-log.js';
import type { JsonObject } from '../events/json.js';
import type { EventMetadata } from '../events/metadata.js';

/** Where a message comes from: an HTTP request, a command line, a subscription. */
export interface Origin {
  /** `<user id>`, `anonymous`, `saga:<name>`, `cli` or `system`. */
  readonly actor: string;
  /** Shared by all messages that follow from the first one. */
  readonly correlationId: string;
  /** Id of the event that caused it. */
  readonly causationId?: string;
  /** W3C Trace Context. */
  readonly traceparent?: string;
  /**
   * The application's own metadata for the events that the message leads to, such as a tenant. It is passed on like the
   * correlation id: commands of sagas get the `custom` of the event that caused them.
   */
  readonly custom?: JsonObject;
  /** UUID under which the command is stored, so that a repeat finds its first outcome. */
  readonly commandId?: string;
  /** Hash of the command's content. The same command id with another hash is refused. */
  readonly fingerprint?: string;
  /** How long the command id is stored, in ms; for ever when left out. */
  readonly keepFor?: number;
  /** Expected version of the command's stream. The command is refused at any other version. */
  readonly expectedVersion?: number;
  /** Position that a query's result must include. */
  readonly minPosition?: number;
}

/** What the command in this context stored in the log. */
export interface CommandOutcome {
  readonly position: number;
  /** Version of the command's own stream. */
  readonly version: number;
  /** The command id was already stored; this is the outcome of the first time. */
  readonly repeated: boolean;
}

/** The command that is being executed. */
export class CommandScope {
  /** Its append has an outcome. */
  hasRecorded = false;
  private decided = false;
  private nested = 0;

  constructor(
    readonly commandId: string | undefined,
    private readonly origin: Pick<Origin, 'expectedVersion' | 'fingerprint' | 'keepFor'>,
    private readonly depth: number,
    private readonly root: RootScope,
  ) {}

  get expectedVersion(): number | undefined {
    return this.origin.expectedVersion;
  }

  /** What is stored with the command id. */
  get identity(): Pick<AppendOptions, 'commandId' | 'fingerprint' | 'keepFor'> {
    const { fingerprint, keepFor } = this.origin;
    return { commandId: this.commandId, fingerprint, keepFor };
  }

  /**
   * Refuses an outcome that belongs to another command with the same id.
   * @throws CommandIdReusedError
   */
  refuseOther({ fingerprint }: AppendResult): void {
    if (this.origin.fingerprint !== undefined && fingerprint !== this.origin.fingerprint) {
      throw new CommandIdReusedError();
    }
  }

  /**
   * Allows one decision per command, so that a command's events are stored all or not at all. After a decision that
   * certainly stored nothing, the handler may take another one.
   * @throws SecondDecisionError
   */
  async once<T>(decision: () => Promise<T>): Promise<T> {
    if (this.decided) throw new SecondDecisionError();
    this.decided = true;
    try {
      return await decision();
    } catch (error) {
      if (!(error instanceof EventLogUnavailableError)) this.decided = false;
      throw error;
    }
  }

  record(outcome: CommandOutcome): void {
    this.hasRecorded = true;
    const { recorded } = this.root;
    if (!recorded || this.depth <= recorded.depth) this.root.recorded = { outcome, depth: this.depth };
  }

  child(): CommandScope {
    const id = this.commandId && uuidv5(String(++this.nested), this.commandId);
    return new CommandScope(id, { keepFor: this.origin.keepFor }, this.depth + 1, this.root);
  }
}

interface RootScope {
  executed: number;
  recorded: { readonly outcome: CommandOutcome; readonly depth: number } | undefined;
}

interface Context {
  readonly origin: Origin;
  readonly root: RootScope;
  readonly command: CommandScope | undefined;
}

const KEY = Symbol('leftfold');

/** A handler took a second decision: it called `decide`, `create`, `update` or `upsert` again. */
export class SecondDecisionError extends Error {
  constructor() {
    super(
      'This command has taken its decision already. What belongs together is one decision: ' +
        'decisions.decide({ one: existing(One, id), other: existing(Other, id) }, ({ one, other }) => ...). ' +
        'What can follow later is a second command, sent by a saga.',
    );
    this.name = 'SecondDecisionError';
  }
}

/** The same idempotency key was used for a different request. */
export class CommandIdReusedError extends ExpectedError {
  readonly code = 'idempotency-key-reused';
  readonly kind = 'unprocessable';

  constructor() {
    super('This idempotency key belongs to another request. Use a new key for a new request.');
  }
}

/** Carries the origin of a message (actor, cause, command id) from the edge of the application to the append. */
@Injectable()
export class MessageContext {
  constructor(private readonly cls: ClsService) {}

  /** Opens a context for an incoming message. Everything that `work` awaits runs in it. */
  run<T>(origin: Origin, work: () => T): T {
    return this.enter({ origin, root: { executed: 0, recorded: undefined }, command: undefined }, work);
  }

  /**
   * Opens the scope of one command within the current context, or within a system context if there is none.
   * @internal
   */
  runCommand<T>(work: (scope: CommandScope) => T): T {
    const context = this.current;
    if (!context) return this.run(this.origin, () => this.runCommand(work));
    const { origin, root, command } = context;
    const scope = command ? command.child() : rootScope(origin, root);
    return this.enter({ origin, root, command: scope }, () => work(scope));
  }

  /** The origin of the current context; outside a context, the system. */
  get origin(): Origin {
    return this.current?.origin ?? { actor: 'system', correlationId: uuidv7() };
  }

  /** @internal */
  get command(): CommandScope | undefined {
    return this.current?.command;
  }

  /** What the last command in this context stored in the log; of nested commands, the outermost that appended. */
  get outcome(): CommandOutcome | undefined {
    return this.current?.root.recorded?.outcome;
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
