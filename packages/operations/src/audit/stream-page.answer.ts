import type { StreamSummary } from '@leftfold/core';
import { ApiProperty } from '@nestjs/swagger';

/** A stream as the list of streams shows it. */
export class StreamItem {
  @ApiProperty({ example: 'user-01890a5d-ac96-774b-bcce-b302099a8057' })
  readonly stream: string;

  @ApiProperty({ type: 'integer', description: 'Version of its last event, which is also the number of its events.' })
  readonly version: number;

  @ApiProperty({ format: 'date-time' })
  readonly firstRecordedAt: string;

  @ApiProperty({ format: 'date-time' })
  readonly lastRecordedAt: string;

  @ApiProperty({ type: 'integer', description: 'Position of its last event.' })
  readonly position: number;
}

export class StreamPageAnswer {
  @ApiProperty({ type: [StreamItem] })
  readonly items: readonly StreamItem[];

  @ApiProperty({ type: String, nullable: true, description: 'The `cursor` of the next page; null on the last page.' })
  readonly nextCursor: string | null;
}

export function streamItem({ stream, version, firstRecordedAt, lastRecordedAt, position }: StreamSummary): StreamItem {
  return {
    stream,
    version,
    firstRecordedAt: firstRecordedAt.toISOString(),
    lastRecordedAt: lastRecordedAt.toISOString(),
    position,
  };
}
