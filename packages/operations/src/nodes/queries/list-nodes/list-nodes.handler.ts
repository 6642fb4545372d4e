import { LiveNodes, type NodeStatus } from '@leftfold/core';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { ListNodesQuery } from './list-nodes.query.js';

@QueryHandler(ListNodesQuery)
export class ListNodesHandler implements IQueryHandler<ListNodesQuery> {
  constructor(private readonly nodes: LiveNodes) {}

  async execute({ afterId = '', limit }: ListNodesQuery): Promise<NodeStatus[]> {
    return (await this.nodes.list()).filter(({ id }) => id > afterId).slice(0, limit);
  }
}
