import { Recurring, StoredCommand } from '@leftfold/core';
import { Injectable, Module } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

export const RECURRING_JOB = 'reports.yearly-report';

/** Of one application, because test files of a worker share the module's state. */
@Injectable()
export class YearlyReports {
  /** Times for which the report was made. */
  readonly made: string[] = [];
}

@Recurring({ name: RECURRING_JOB, cron: '0 0 1 1 *', timeZone: 'Europe/Berlin' })
@StoredCommand('reports.make-yearly-report', 1)
class MakeYearlyReportCommand {
  constructor(readonly dueAt: string) {}
}

@CommandHandler(MakeYearlyReportCommand)
class MakeYearlyReportHandler implements ICommandHandler<MakeYearlyReportCommand> {
  constructor(private readonly reports: YearlyReports) {}

  execute({ dueAt }: MakeYearlyReportCommand): Promise<void> {
    this.reports.made.push(dueAt);
    return Promise.resolve();
  }
}

/** A recurring job, because the application has none. */
@Module({ providers: [YearlyReports, MakeYearlyReportHandler] })
export class RecurringJobModule {}
