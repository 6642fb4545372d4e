import { Inject, type Type } from '@nestjs/common';
import { CommandHandler } from '@nestjs/cqrs';
import {
  Decisions,
  DomainEvent,
  EventSourcingModule,
  type MissedRuns,
  Recurring,
  StoredCommand,
} from '../../../src/index.js';

export const HOUR = 60 * 60_000;
export const POLICIES = ['once', 'all', 'skip'] as const satisfies readonly MissedRuns[];

@DomainEvent('jobs.job-run')
class JobRun {
  declare readonly type: 'jobs.job-run';
  constructor(
    readonly policy: string,
    readonly dueAt: string,
  ) {}
}

/** Called before each run. */
export const beforeRun: { call: () => void } = { call: () => undefined };

class RunHandler {
  @Inject(Decisions) private readonly decisions: Decisions;

  execute({ policy, dueAt }: { policy: string; dueAt: string }): Promise<void> {
    beforeRun.call();
    return this.decisions.decide({}, (_, changes) => changes.append(`job-${policy}`, new JobRun(policy, dueAt)));
  }
}

function job(missed: MissedRuns): Type<RunHandler> {
  class Command {
    readonly policy = missed;
    constructor(readonly dueAt: string) {}
  }
  class Handler extends RunHandler {}
  StoredCommand(`jobs.${missed}`, 1)(Command);
  Recurring({ name: `jobs.${missed}`, every: HOUR, missed })(Command);
  CommandHandler(Command)(Handler as never);
  return Handler;
}

/** A job of each policy that stores an event for each run. */
export function recordedJobs() {
  return {
    imports: [EventSourcingModule.forFeature({ events: [JobRun] })],
    providers: POLICIES.map(job),
  };
}
