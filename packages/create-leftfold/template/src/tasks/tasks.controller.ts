import {
  ApiPage,
  ApiProblems,
  decodeCursor,
  encodeCursor,
  type Page,
  pageOf,
  UuidParam,
  Versioned,
} from '@leftfold/http';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { v7 as uuidv7 } from 'uuid';
import { AddTaskCommand } from './commands/add-task/add-task.command.js';
import { AddTaskDto } from './commands/add-task/add-task.dto.js';
import { CompleteTaskCommand } from './commands/complete-task/complete-task.command.js';
import { isTaskId } from './cursors.js';
import { GetTaskQuery } from './queries/get-task/get-task.query.js';
import { ListTasksDto } from './queries/list-tasks/list-tasks.dto.js';
import { ListTasksQuery } from './queries/list-tasks/list-tasks.query.js';
import { TaskAnswer, taskAnswer, TaskIdAnswer } from './task.answer.js';

@ApiTags('tasks')
@Controller('tasks')
export class TasksController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Add a task', description: 'Answers its id.' })
  @ApiCreatedResponse({ type: TaskIdAnswer })
  add(@Body() { title }: AddTaskDto): Promise<TaskIdAnswer> {
    return this.commands.execute(new AddTaskCommand(uuidv7(), title, new Date()));
  }

  @Post(':taskId/complete')
  @ApiOperation({ summary: 'Complete a task', description: 'A task that is completed already stays as it is.' })
  @HttpCode(200)
  @ApiOkResponse({ type: TaskIdAnswer })
  @ApiProblems('not-found', 'task-not-found')
  @ApiProblems('version-conflict', 'version-conflict')
  complete(@Param('taskId', UuidParam) taskId: string): Promise<TaskIdAnswer> {
    return this.commands.execute(new CompleteTaskCommand(taskId, new Date()));
  }

  @Get()
  @ApiOperation({ summary: 'List tasks', description: 'In the order in which they were added.' })
  @ApiPage(TaskAnswer)
  async list(@Query() { limit, cursor }: ListTasksDto): Promise<Page<TaskAnswer>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, isTaskId);
    const found = await this.queries.execute(new ListTasksQuery(after, limit + 1));
    return pageOf(found.map(taskAnswer), limit, ({ taskId }) => encodeCursor(taskId));
  }

  @Get(':taskId')
  @ApiOperation({
    summary: 'Look a task up',
    description: 'With Leftfold-Min-Position the answer includes your own change.',
  })
  @Versioned()
  @ApiOkResponse({ type: TaskAnswer })
  @ApiProblems('not-found', 'task-not-found')
  async get(@Param('taskId', UuidParam) taskId: string): Promise<TaskAnswer> {
    const found = await this.queries.execute(new GetTaskQuery(taskId));

    return taskAnswer(found);
  }
}
