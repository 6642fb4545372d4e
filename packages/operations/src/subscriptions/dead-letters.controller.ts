import { DeadLetters } from '@leftfold/core';
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
  UuidParam,
  TakesNoBody,
} from '@leftfold/http';
import { Controller, Delete, Get, HttpCode, Logger, Param, Post, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { isDeadLetterId } from './cursors.js';
import { DeadLetterAnswer, deadLetterAnswer, DeadLetterIdAnswer } from './dead-letter.answer.js';
import { GetDeadLetterQuery } from './queries/get-dead-letter/get-dead-letter.query.js';
import { ListDeadLettersQuery } from './queries/list-dead-letters/list-dead-letters.query.js';
import { OperatorsOnly } from '../access/operators-only.decorator.js';

/** Not a command: the decision is written to the dead letter's row, and no event is appended. */
@ApiTags('operations')
@OperatorsOnly()
@Controller('dead-letters')
export class DeadLettersController {
  private readonly logger = new Logger('Operations');

  constructor(
    private readonly queries: QueryBus,
    private readonly deadLetters: DeadLetters,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'List dead letters',
    description: 'Events, commands and messages of a broker that failed for good, with the error and what can be done.',
  })
  @ApiPage(DeadLetterAnswer)
  async list(@Query() { limit, cursor }: ListQuery): Promise<Page<DeadLetterAnswer>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, isDeadLetterId);
    const found = await this.queries.execute(new ListDeadLettersQuery(after, limit + 1));
    return pageOf(found.map(deadLetterAnswer), limit, ({ id }) => encodeCursor(id));
  }

  @Get(':id')
  @ApiOperation({
    summary: 'Look a dead letter up',
    description: 'The event, command or message, its error, and how often it was tried.',
  })
  @ApiOkResponse({ type: DeadLetterAnswer })
  @ApiProblems('not-found', 'dead-letter-not-found')
  async get(@Param('id', UuidParam) id: string): Promise<DeadLetterAnswer> {
    return deadLetterAnswer(await this.queries.execute(new GetDeadLetterQuery(id)));
  }

  @Post(':id/retry')
  @TakesNoBody()
  @ApiOperation({
    summary: 'Retry a dead letter',
    description:
      'Asks the process that runs the subscription to try once more. Look at the dead letter for the outcome.',
  })
  @OutsideTheBuses()
  @HttpCode(202)
  @ApiAcceptedResponse({ type: DeadLetterIdAnswer })
  @ApiProblems('not-found', 'dead-letter-not-found')
  @ApiProblems('broken-rule', 'subscription-gone', 'command-gone')
  async retry(@CurrentCaller() { userId }: Caller, @Param('id', UuidParam) id: string): Promise<DeadLetterIdAnswer> {
    await this.deadLetters.retry(id);
    this.logger.log(`${userId} asked to retry the dead letter ${id}.`);
    return { id };
  }

  @Delete(':id')
  @TakesNoBody()
  @ApiOperation({
    summary: 'Discard a dead letter',
    description: 'Gives the event, command or message up for good. The log keeps the event.',
  })
  @OutsideTheBuses()
  @ApiOkResponse({ type: DeadLetterIdAnswer })
  @ApiProblems('not-found', 'dead-letter-not-found')
  async discard(@CurrentCaller() { userId }: Caller, @Param('id', UuidParam) id: string): Promise<DeadLetterIdAnswer> {
    await this.deadLetters.discard(id);
    this.logger.log(`${userId} discarded the dead letter ${id}.`);
    return { id };
  }
}
