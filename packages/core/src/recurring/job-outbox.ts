import type { EntityManager } from 'typeorm';
import { v5 as uuidv5 } from 'uuid';
import type { StoredCommands } from '../commands/stored-commands.js';
import type { Outbox } from '../sagas/outbox/outbox.js';
import type { PendingCommand } from '../sagas/outbox/pending-command.js';
import type { DeclaredJob } from './declared-jobs.js';

/** Namespace of the ids of runs; never changes. */
const RUNS = '5c1a7e0e-94b5-4d0a-8b5e-6f0b8f6d2a51';

/** One run of a job. */
export interface JobRun {
  /** UUID under which the command is executed, so that its effect is stored once. */
  readonly id: string;
  /** Ms since 1970, UTC. */
  readonly dueAt: number;
}

/** Id of the run for a due time: the same on every node, and however often it is computed. */
export function runIdOf(name: string, dueAt: number): string {
  return uuidv5(`${name}@${dueAt}`, RUNS);
}

/** Puts the commands of runs into the outbox, which executes them. Everything that jobs know of the outbox is here. */
export class JobOutbox {
  constructor(
    private readonly outbox: Outbox,
    private readonly commands: StoredCommands,
    /** Largest size of a command's data, in bytes. */
    private readonly commandSizeLimit: number,
    /** Tells this process that there are commands. */
    readonly added: () => void,
  ) {}

  /**
   * Adds one command for each run, in the given transaction. They are due at once, in order.
   * @param now database time, in ms since 1970, UTC
   * @throws StoredCommandError, UnstorableValueError
   */
  add(manager: EntityManager, job: DeclaredJob, runs: readonly JobRun[], now: number): Promise<void> {
    const changes = runs.map((run, index): PendingCommand => ({
      ...this.stored(job, run),
      index,
      schedule: { key: run.id, dueAt: now },
    }));
    return this.outbox.add(manager, job.name, changes);
  }

  private stored(
    { name, commandClass }: DeclaredJob,
    { id, dueAt }: JobRun,
  ): Omit<PendingCommand, 'index' | 'schedule'> {
    const command = new commandClass(new Date(dueAt).toISOString());
    return {
      ...this.commands.toStored(command, this.commandSizeLimit),
      id,
      stream: '',
      position: 0,
      // Each run is a story of its own, so its id is its correlation id as well.
      correlationId: id,
      fairnessKey: name,
      causationId: '',
      traceparent: null,
      custom: null,
      compensation: null,
    };
  }
}
