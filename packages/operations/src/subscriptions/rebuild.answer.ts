import type { RebuildStatus, RowDifference, TableComparison } from '@leftfold/core';
import { ApiProperty } from '@nestjs/swagger';

class RowDifferenceAnswer implements RowDifference {
  @ApiProperty({ enum: ['added', 'removed', 'changed'] })
  readonly change: RowDifference['change'];

  @ApiProperty({ type: Object, description: 'Columns of the primary key.' })
  readonly key: Readonly<Record<string, unknown>>;

  @ApiProperty({ type: Object, nullable: true, description: 'The old row; null if there was none.' })
  readonly before: Readonly<Record<string, unknown>> | null;

  @ApiProperty({ type: Object, nullable: true, description: 'The new row, made from the log; null if there is none.' })
  readonly after: Readonly<Record<string, unknown>> | null;
}

class TableComparisonAnswer implements TableComparison {
  @ApiProperty({ example: 'user_view' })
  readonly table: string;

  @ApiProperty({ type: 'integer', description: 'Rows that were missing.' })
  readonly added: number;

  @ApiProperty({ type: 'integer', description: 'Rows that should not have been there.' })
  readonly removed: number;

  @ApiProperty({ type: 'integer' })
  readonly changed: number;

  @ApiProperty({ type: [RowDifferenceAnswer], description: 'The first ten differences.' })
  readonly examples: readonly RowDifference[];
}

/** A rebuild as an operator sees it. */
export class RebuildAnswer {
  @ApiProperty({ enum: ['requested', 'running', 'failed', 'done'] })
  readonly state: RebuildStatus['state'];

  @ApiProperty({ description: 'A dry run: it ends with the comparison and keeps the old rows.' })
  readonly dryRun: boolean;

  @ApiProperty({ type: 'integer', description: 'Position up to which the new rows are filled.' })
  readonly position: number;

  @ApiProperty({ type: 'integer', description: 'Position that they have to reach: the checkpoint of the read model.' })
  readonly target: number;

  @ApiProperty({ minimum: 0, maximum: 1, example: 0.75 })
  readonly progress: number;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly startedAt: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly finishedAt: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Why it failed.' })
  readonly error: string | null;

  @ApiProperty({
    type: [TableComparisonAnswer],
    nullable: true,
    description: 'Differences between old and new rows; null before they are compared.',
  })
  readonly comparison: readonly TableComparison[] | null;
}

export function rebuildAnswer(rebuild: RebuildStatus): RebuildAnswer {
  const { state, dryRun, position, target, startedAt, finishedAt, error, comparison } = rebuild;
  return {
    state,
    dryRun,
    position,
    target,
    progress: target === 0 ? 1 : Math.min(position / target, 1),
    startedAt: startedAt?.toISOString() ?? null,
    finishedAt: finishedAt?.toISOString() ?? null,
    error,
    comparison,
  };
}
