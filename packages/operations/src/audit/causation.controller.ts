import { Controller, Get, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { OperatorsOnly } from '../access/operators-only.decorator.js';
import { CausationAnswer, causationAnswer } from './causation.answer.js';
import { CorrelationIdParam } from './correlation-id-param.pipe.js';
import { GetCausationQuery } from './queries/get-causation/get-causation.query.js';

@ApiTags('audit')
@OperatorsOnly()
@Controller('causation')
export class CausationController {
  constructor(private readonly queries: QueryBus) {}

  @Get(':correlationId')
  @ApiOperation({
    summary: 'Show what followed from a request',
    description:
      'Its events, the commands of sagas that they caused, schedules, side effects and dead letters, and which of them caused which. Without the data of events.',
  })
  @ApiOkResponse({ type: CausationAnswer, description: 'No nodes when nothing has this correlation id.' })
  async get(@Param('correlationId', CorrelationIdParam) correlationId: string): Promise<CausationAnswer> {
    return causationAnswer(await this.queries.execute(new GetCausationQuery(correlationId)));
  }
}
