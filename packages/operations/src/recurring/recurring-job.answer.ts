import type { MissedRuns, RecurringJobState, RecurringJobStatus } from '@leftfold/core';
import { ApiProperty } from '@nestjs/swagger';

/** A recurring job as an operator sees it. */
export class RecurringJobAnswer {
  @ApiProperty({ example: 'reports.daily-report' })
  readonly name: string;

  @ApiProperty({ enum: ['scheduled', 'paused', 'gone'], description: 'gone: this program no longer has it.' })
  readonly state: RecurringJobState;

  @ApiProperty({ example: '0 6 * * * (Europe/Berlin)' })
  readonly schedule: string;

  @ApiProperty({ enum: ['once', 'all', 'skip'], nullable: true, description: 'What happens with missed runs.' })
  readonly missed: MissedRuns | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'null while it is not scheduled.' })
  readonly nextDue: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'The last due time that was run, or the time of the last run by hand.',
  })
  readonly lastRun: string | null;
}

export function recurringJobAnswer(status: RecurringJobStatus): RecurringJobAnswer {
  const { name, state, schedule, missed, nextDue, lastRun } = status;
  return {
    name,
    state,
    schedule,
    missed,
    nextDue: nextDue?.toISOString() ?? null,
    lastRun: lastRun?.toISOString() ?? null,
  };
}

export class RecurringJobNameAnswer {
  @ApiProperty({ example: 'reports.daily-report' })
  readonly name: string;
}
