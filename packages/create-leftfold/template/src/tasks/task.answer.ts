import { ApiProperty } from '@nestjs/swagger';
import type { TaskView } from './read-models/task-view/task-view.entity.js';

export class TaskIdAnswer {
  @ApiProperty({ format: 'uuid' })
  readonly taskId: string;
}

/** A task as the API shows it. */
export class TaskAnswer {
  @ApiProperty({ format: 'uuid' })
  readonly taskId: string;

  @ApiProperty()
  readonly title: string;

  @ApiProperty({ format: 'date-time' })
  readonly addedAt: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly completedAt: string | null;

  @ApiProperty({ type: 'integer' })
  readonly version: number;
}

export function taskAnswer({ taskId, title, addedAt, completedAt, version }: TaskView): TaskAnswer {
  return { taskId, title, addedAt, completedAt, version };
}
