import { type EventContext, InjectReadModel, Projection, type ProjectionHandler, ReadModel } from '@leftfold/core';
import { EventsHandler } from '@nestjs/cqrs';
import { TASK_EVENTS, type TaskEvent } from '../../events/task.events.js';
import { evolveTaskView } from './evolve-task-view.js';
import { TaskView } from './task-view.entity.js';

@Projection({ name: 'tasks.task-view', entities: [TaskView] })
@EventsHandler(...TASK_EVENTS)
export class TaskViewProjection implements ProjectionHandler<TaskEvent> {
  constructor(@InjectReadModel(TaskView) private readonly rows: ReadModel<TaskView>) {}

  async handle(event: TaskEvent, context: EventContext): Promise<void> {
    this.rows.save(evolveTaskView(await this.rows.get(event.taskId), event, context));
  }
}
