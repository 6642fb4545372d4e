import { Logger } from '@nestjs/common';
import { messageOf } from '../runners/handler-failure.js';

const logger = new Logger('Nodes');

/** Works on the list of nodes. If failures continue, the sign of life expires, and the other nodes divide this node's ranges. */
export async function attemptOnNodes<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    logger.warn(`The list of nodes can't be reached at the moment: ${messageOf(error)}`);
    return undefined;
  }
}
