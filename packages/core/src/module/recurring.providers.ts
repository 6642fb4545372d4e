import type { Provider } from '@nestjs/common';
import { StoredCommands } from '../commands/stored-commands.js';
import { Databases } from '../databases/databases.js';
import { DeclaredJobs } from '../recurring/declared-jobs.js';
import { DueJobs } from '../recurring/due-jobs.js';
import { JobOutbox } from '../recurring/job-outbox.js';
import { JobRows } from '../recurring/job-rows.js';
import { InboxWork } from '../inbox/inbox-work.js';
import { RecurringJobs } from '../recurring/recurring-jobs.js';
import { RecurringWorker } from '../recurring/recurring-worker.js';
import { CommandSources } from '../sagas/outbox/command-sources.js';
import { OutboxWorker } from '../sagas/outbox/outbox-worker.js';
import { Outbox } from '../sagas/outbox/outbox.js';
import { ScheduleClock } from '../sagas/outbox/schedule-clock.js';
import { SubscriptionSignals } from '../subscriptions/subscription-signals.js';
import { type ResolvedOptions, OPTIONS } from './options.js';

/** The background work of a process that runs subscriptions. */
export const BACKGROUND_WORK = Symbol('leftfold.background-work');

export const RECURRING_PROVIDERS: Provider[] = [
  {
    provide: DeclaredJobs,
    inject: [StoredCommands, CommandSources],
    useFactory: (commands: StoredCommands, sources: CommandSources) => new DeclaredJobs(commands, sources),
  },
  {
    provide: JobRows,
    inject: [Databases, ScheduleClock],
    useFactory: ({ events }: Databases, clock: ScheduleClock) => new JobRows(events, clock),
  },
  {
    provide: JobOutbox,
    inject: [Outbox, StoredCommands, OutboxWorker, OPTIONS],
    useFactory: (outbox: Outbox, commands: StoredCommands, worker: OutboxWorker, { eventSizeLimit }: ResolvedOptions) =>
      new JobOutbox(outbox, commands, eventSizeLimit, () => worker.claim()),
  },
  {
    provide: DueJobs,
    inject: [DeclaredJobs, JobRows, JobOutbox],
    useFactory: (declared: DeclaredJobs, rows: JobRows, outbox: JobOutbox) => new DueJobs(declared, rows, outbox),
  },
  {
    provide: RecurringWorker,
    inject: [DeclaredJobs, DueJobs, ScheduleClock],
    useFactory: (declared: DeclaredJobs, due: DueJobs, clock: ScheduleClock) =>
      new RecurringWorker(declared, due, clock),
  },
  {
    provide: BACKGROUND_WORK,
    inject: [InboxWork, RecurringWorker, OutboxWorker],
    useFactory: (inbox: InboxWork, recurring: RecurringWorker, outbox: OutboxWorker) => [inbox, recurring, outbox],
  },
  {
    provide: RecurringJobs,
    inject: [DeclaredJobs, JobRows, JobOutbox, SubscriptionSignals],
    useFactory: (declared: DeclaredJobs, rows: JobRows, outbox: JobOutbox, signals: SubscriptionSignals) =>
      new RecurringJobs(declared, rows, outbox, () => signals.announce()),
  },
];
