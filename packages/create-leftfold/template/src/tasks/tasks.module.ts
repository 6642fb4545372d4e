import { EventSourcingModule } from '@leftfold/core';
import { Module } from '@nestjs/common';
import { AddTaskHandler } from './commands/add-task/add-task.handler.js';
import { CompleteTaskHandler } from './commands/complete-task/complete-task.handler.js';
import { Task } from './domain/task.aggregate.js';
import { CreateTaskView1790000000000 } from './migrations/views/1790000000000-create-task-view.js';
import { GetTaskHandler } from './queries/get-task/get-task.handler.js';
import { ListTasksHandler } from './queries/list-tasks/list-tasks.handler.js';
import { TaskView } from './read-models/task-view/task-view.entity.js';
import { TaskViewProjection } from './read-models/task-view/task-view.projection.js';
import { TasksController } from './tasks.controller.js';

const COMMAND_HANDLERS = [AddTaskHandler, CompleteTaskHandler];

const QUERY_HANDLERS = [ListTasksHandler, GetTaskHandler];

@Module({
  imports: [
    EventSourcingModule.forFeature({
      aggregates: [Task],
      readModels: [TaskView],
      migrations: { views: [CreateTaskView1790000000000] },
    }),
  ],
  controllers: [TasksController],
  providers: [...COMMAND_HANDLERS, TaskViewProjection, ...QUERY_HANDLERS],
})
export class TasksModule {}
