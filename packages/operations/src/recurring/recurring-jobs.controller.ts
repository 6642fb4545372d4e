import { MessageContext, RecurringJobs } from '@leftfold/core';
import {
  ApiPage,
  ApiProblems,
  type Caller,
  CurrentCaller,
  decodeCursor,
  encodeCursor,
  ListQuery,
  OutsideTheBuses,
  type Page,
  pageOf,
  TakesNoBody,
} from '@leftfold/http';
import { Controller, Get, HttpCode, Logger, Param, Post, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { OperatorsOnly } from '../access/operators-only.decorator.js';
import { isName } from '../subscriptions/cursors.js';
import { GetRecurringJobQuery } from './queries/get-recurring-job/get-recurring-job.query.js';
import { ListRecurringJobsQuery } from './queries/list-recurring-jobs/list-recurring-jobs.query.js';
import { RecurringJobAnswer, recurringJobAnswer, RecurringJobNameAnswer } from './recurring-job.answer.js';

/** Not commands: a request is written to the job's row, and no event is appended. The run itself is a command. */
@ApiTags('operations')
@OperatorsOnly()
@Controller('recurring')
export class RecurringJobsController {
  private readonly logger = new Logger('Operations');

  constructor(
    private readonly queries: QueryBus,
    private readonly jobs: RecurringJobs,
    private readonly context: MessageContext,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'List recurring jobs',
    description: 'All of them, by name, also those that this program no longer has.',
  })
  @ApiPage(RecurringJobAnswer)
  async list(@Query() { limit, cursor }: ListQuery): Promise<Page<RecurringJobAnswer>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, isName);
    const found = await this.queries.execute(new ListRecurringJobsQuery(after, limit + 1));
    return pageOf(found.map(recurringJobAnswer), limit, ({ name }) => encodeCursor(name));
  }

  @Get(':name')
  @ApiOperation({
    summary: 'Look a recurring job up',
    description: 'Its schedule, its state, when it is due next and when it ran last.',
  })
  @ApiOkResponse({ type: RecurringJobAnswer })
  @ApiProblems('not-found', 'recurring-job-not-found')
  async get(@Param('name') name: string): Promise<RecurringJobAnswer> {
    return recurringJobAnswer(await this.queries.execute(new GetRecurringJobQuery(name)));
  }

  @Post(':name/pause')
  @TakesNoBody()
  @ApiOperation({
    summary: 'Pause a recurring job',
    description: 'Until it is resumed. Due times during the pause are not made up for.',
  })
  @OutsideTheBuses()
  @HttpCode(202)
  @ApiAcceptedResponse({ type: RecurringJobNameAnswer })
  @ApiProblems('not-found', 'recurring-job-not-found')
  @ApiProblems('broken-rule', 'recurring-job-gone')
  async pause(@CurrentCaller() caller: Caller, @Param('name') name: string): Promise<RecurringJobNameAnswer> {
    await this.jobs.pause(name);
    return this.accepted(caller, 'pause', name);
  }

  @Post(':name/resume')
  @TakesNoBody()
  @ApiOperation({ summary: 'Resume a recurring job', description: 'It runs at its next due time.' })
  @OutsideTheBuses()
  @HttpCode(202)
  @ApiAcceptedResponse({ type: RecurringJobNameAnswer })
  @ApiProblems('not-found', 'recurring-job-not-found')
  @ApiProblems('broken-rule', 'recurring-job-gone')
  async resume(@CurrentCaller() caller: Caller, @Param('name') name: string): Promise<RecurringJobNameAnswer> {
    await this.jobs.resume(name);
    return this.accepted(caller, 'resume', name);
  }

  /** With an `Idempotency-Key`, a repeat stores no event twice. */
  @Post(':name/run')
  @TakesNoBody()
  @ApiOperation({
    summary: 'Run a recurring job',
    description: 'Once more, now, also while it is paused. Its next due time stays.',
  })
  @HttpCode(202)
  @ApiAcceptedResponse({ type: RecurringJobNameAnswer })
  @ApiProblems('not-found', 'recurring-job-not-found')
  @ApiProblems('broken-rule', 'recurring-job-gone')
  async run(@CurrentCaller() caller: Caller, @Param('name') name: string): Promise<RecurringJobNameAnswer> {
    await this.jobs.run(name, this.context.origin.commandId);
    return this.accepted(caller, 'run', name);
  }

  private accepted({ userId }: Caller, action: string, name: string): RecurringJobNameAnswer {
    this.logger.log(`${userId} asked to ${action} the recurring job ${name}.`);
    return { name };
  }
}
