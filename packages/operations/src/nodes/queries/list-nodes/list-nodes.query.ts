import { type NodeStatus, ReadsFrom } from '@leftfold/core';
import { Query } from '@nestjs/cqrs';

/** A page of the nodes that are alive, by id. */
@ReadsFrom()
export class ListNodesQuery extends Query<NodeStatus[]> {
  constructor(
    readonly afterId: string | undefined,
    readonly limit: number,
  ) {
    super();
  }
}
