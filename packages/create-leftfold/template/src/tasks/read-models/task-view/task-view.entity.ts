import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('task_view')
export class TaskView {
  @PrimaryColumn({ name: 'task_id', type: 'text' })
  taskId: string;

  @Column({ type: 'text' })
  title: string;

  @Column({ name: 'added_at', type: 'text' })
  addedAt: string;

  @Column({ name: 'completed_at', type: 'text', nullable: true })
  completedAt: string | null;

  /** Version of the stream. */
  @Column({ type: 'integer' })
  version: number;
}
