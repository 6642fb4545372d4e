import { v5 as uuidv5 } from 'uuid';
import type { AppendOptions, AppendResult } from '../event-log/event-log.js';
import { CommandIdReusedError } from './command.errors.js';
import type { CommandOutcome, Origin } from './origin.js';
import type { UnitOfWork } from './unit-of-work.js';

/** The place in the queue of decisions about the same thing. */
export interface Turn {
  /** Whether it is the place for exactly these keys, and still held. */
  isFor(keys: readonly string[]): boolean;
  /** Limits how long it is held from now on, because the handler goes on. */
  limit(): void;
  /** Holds it without a limit again, because the decision is being taken or stored. */
  hold(): void;
  /** Lets the next decision begin. */
  end(): void;
}

/** The command that is being executed. */
export class CommandScope {
  /** Its append has an outcome. */
  hasRecorded = false;
  /** Whether the handler may run again. It may not after a nested command, which would be executed twice. */
  isRepeatable = true;
  /** How often its handler has to run again because of a conflict. */
  conflicts = 0;
  /** Streams that a run of its handler wanted to create, and that were there. */
  readonly existing = new Set<string>();
  /** Kept from the decision until it is stored, also while its handler runs again. */
  turn: Turn | undefined;
  private nested = 0;

  constructor(
    readonly commandId: string | undefined,
    private readonly origin: Pick<Origin, 'expectedVersion' | 'fingerprint' | 'earlierFingerprints' | 'keepFor'>,
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
    const { fingerprint: own, earlierFingerprints: earlier = [] } = this.origin;
    if (own === undefined || fingerprint === own) return;
    if (fingerprint === undefined || !earlier.includes(fingerprint)) throw new CommandIdReusedError();
  }

  record(outcome: CommandOutcome): void {
    this.hasRecorded = true;
    const { recorded } = this.root;
    if (!recorded || this.depth <= recorded.depth) this.root.recorded = { outcome, depth: this.depth };
  }

  /** Waits for a turn, or goes on with the one that the run before kept. */
  async waitForTurn(keys: readonly string[], next: () => Promise<Turn>): Promise<void> {
    this.turn?.hold();
    if (this.turn?.isFor(keys)) return;
    this.endTurn();
    this.turn = await next();
  }

  endTurn(): void {
    this.turn?.end();
    this.turn = undefined;
  }

  child(): CommandScope {
    this.isRepeatable = false;
    this.nested += 1;
    const id = this.commandId && uuidv5(String(this.nested), this.commandId);
    return new CommandScope(id, { keepFor: this.origin.keepFor }, this.depth + 1, this.root);
  }
}

/** A run of a command's handler. */
export interface HandlerRun {
  readonly scope: CommandScope;
  readonly unit: UnitOfWork;
}

/** What the commands of one context share. */
export interface RootScope {
  executed: number;
  recorded: { readonly outcome: CommandOutcome; readonly depth: number } | undefined;
}
