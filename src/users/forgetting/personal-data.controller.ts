import { Readable } from 'node:stream';
import { AggregateRepository, PersonalData, type SubjectFields } from '@leftfold/core';
import { ApiProblems, OutsideTheBuses, UuidParam } from '@leftfold/http';
import { Controller, Get, Param, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../../platform/auth/current-user.decorator.js';
import type { SignedInUser } from '../../platform/auth/signed-in-user.js';
import { refuseUnlessOwnerOrOperator } from '../access.js';
import { User } from '../domain/user.aggregate.js';

class PersonalEventAnswer {
  @ApiProperty({ type: 'integer' })
  readonly position: number;

  @ApiProperty({ format: 'uuid' })
  readonly eventId: string;

  @ApiProperty({ example: 'users.user-registered' })
  readonly type: string;

  @ApiProperty()
  readonly stream: string;

  @ApiProperty({ format: 'date-time' })
  readonly recordedAt: string;

  @ApiProperty({ type: Object, example: { username: 'ann', email: 'ann@example.com' } })
  readonly fields: object;
}

class PersonalDataAnswer {
  @ApiProperty({ format: 'uuid' })
  readonly userId: string;

  @ApiProperty({ type: [PersonalEventAnswer], description: 'In the order of the log.' })
  readonly events: readonly PersonalEventAnswer[];
}

@ApiTags('users')
@ApiBearerAuth()
@Controller('users/:userId/personal-data')
export class PersonalDataController {
  constructor(
    private readonly aggregates: AggregateRepository,
    private readonly personalData: PersonalData,
  ) {}

  @Get()
  @ApiOperation({
    summary: "Export a user's personal data",
    description:
      'For the user and for operators: the personal fields of all events that are about the user, of every feature.',
  })
  @ApiOkResponse({ type: PersonalDataAnswer })
  @ApiProblems('not-found', 'user-not-found')
  @ApiProblems('gone', 'user-forgotten')
  @OutsideTheBuses()
  async export(
    @CurrentUser() caller: SignedInUser,
    @Param('userId', UuidParam) userId: string,
  ): Promise<StreamableFile> {
    refuseUnlessOwnerOrOperator(caller, userId);
    (await this.aggregates.load(User, userId)).refuseForgotten();
    const text = Readable.from(asJson(userId, this.personalData.fieldsOf(userId)));
    return new StreamableFile(text, {
      type: 'application/json; charset=utf-8',
      disposition: `attachment; filename="personal-data-${userId}.json"`,
    });
  }
}

/** Event by event, because there may be many. */
async function* asJson(userId: string, events: AsyncIterable<SubjectFields>): AsyncIterable<string> {
  let separator = `{"userId":${JSON.stringify(userId)},"events":[`;
  for await (const { position, eventId, type, stream, recordedAt, fields } of events) {
    yield separator + JSON.stringify({ position, eventId, type, stream, recordedAt, fields });
    separator = ',';
  }
  yield separator === ',' ? ']}' : `${separator}]}`;
}
