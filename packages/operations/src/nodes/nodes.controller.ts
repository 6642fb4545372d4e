import { ApiPage, decodeCursor, encodeCursor, ListQuery, type Page, pageOf } from '@leftfold/http';
import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { OperatorsOnly } from '../access/operators-only.decorator.js';
import { isName } from '../subscriptions/cursors.js';
import { NodeAnswer, nodeAnswer } from './node.answer.js';
import { ListNodesQuery } from './queries/list-nodes/list-nodes.query.js';

@ApiTags('operations')
@OperatorsOnly()
@Controller('nodes')
export class NodesController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({
    summary: 'List nodes',
    description: 'The processes of the application that are alive, with the partitions that they run; by id.',
  })
  @ApiPage(NodeAnswer)
  async list(@Query() { limit, cursor }: ListQuery): Promise<Page<NodeAnswer>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, isName);
    const found = await this.queries.execute(new ListNodesQuery(after, limit + 1));
    return pageOf(found.map(nodeAnswer), limit, ({ id }) => encodeCursor(id));
  }
}
