import { describeCommand } from '../commands/stored-command.decorator.js';
import type { StoredCommands } from '../commands/stored-commands.js';
import { SetupError } from '../errors.js';
import { describeRetry, PARKING_RETRY } from '../subscriptions/retry.decorator.js';
import type { CommandSources } from '../sagas/outbox/command-sources.js';
import { describeRecurring, type RecurringCommandClass, type RecurringDescriptor } from './recurring.decorator.js';

/** A recurring job of this program. */
export interface DeclaredJob extends RecurringDescriptor {
  readonly commandClass: RecurringCommandClass;
}

/** The recurring jobs that the classes of this program declare. Read it after the command bus is set up. */
export class DeclaredJobs {
  private found: ReadonlyMap<string, DeclaredJob> | undefined;

  constructor(
    private readonly commands: StoredCommands,
    private readonly sources: CommandSources,
  ) {}

  /** @throws SetupError when a class has no stored name, or a job's name is taken */
  get all(): DeclaredJob[] {
    return [...this.byName().values()];
  }

  find(name: string): DeclaredJob | undefined {
    return this.byName().get(name);
  }

  private byName(): ReadonlyMap<string, DeclaredJob> {
    return (this.found ??= this.collect());
  }

  private collect(): ReadonlyMap<string, DeclaredJob> {
    const jobs = new Map<string, DeclaredJob>();
    for (const commandClass of this.commands.classes) {
      const described = describeRecurring(commandClass);
      if (!described) continue;
      if (!describeCommand(commandClass)) {
        throw new SetupError(
          `${commandClass.name} has @Recurring but no stored name. Put @StoredCommand('<feature>.<what-to-do>', 1) on it.`,
        );
      }
      const { name } = described;
      this.sources.add({ name, retry: { ...PARKING_RETRY, ...describeRetry(commandClass) }, actor: 'system' });
      jobs.set(name, { ...described, commandClass: commandClass as unknown as RecurringCommandClass });
    }
    return jobs;
  }
}
