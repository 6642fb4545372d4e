import { Recurring, StoredCommand } from '@leftfold/core';
import { Module } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

export const RECURRING_JOB = 'reports.yearly-report';

/** Times for which the report was made, in this process. */
export const reports: string[] = [];

@Recurring({ name: RECURRING_JOB, cron: '0 0 1 1 *', timeZone: 'Europe/Berlin' })
@StoredCommand('reports.make-yearly-report', 1)
class MakeYearlyReportCommand {
  constructor(readonly dueAt: string) {}
}

@CommandHandler(MakeYearlyReportCommand)
class MakeYearlyReportHandler implements ICommandHandler<MakeYearlyReportCommand> {
  execute({ dueAt }: MakeYearlyReportCommand): Promise<void> {
    reports.push(dueAt);
    return Promise.resolve();
  }
}

/** A recurring job, because the application has none. */
@Module({ providers: [MakeYearlyReportHandler] })
export class RecurringJobModule {}
