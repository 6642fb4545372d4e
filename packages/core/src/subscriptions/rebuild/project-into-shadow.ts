import type { EntityManager } from 'typeorm';
import type { RecordedEvent } from '../../event-log/recorded-event.js';
import { type Projecting, project } from '../runners/project.js';
import type { ReadModelSubscription } from '../subscription.js';
import type { RebuildSurroundings } from './rebuild-surroundings.js';
import { ShadowManager } from './shadow-manager.js';

interface Part extends Pick<Projecting, 'share' | 'ending' | 'advance'> {
  readonly events: readonly RecordedEvent[];
  /** Position after which the part begins. */
  readonly from: number;
  /** Position up to which it goes, also behind its last event. */
  readonly to: number;
}

/**
 * Handles events as ever, with the shadow tables in the place of the live ones.
 * @returns the position that is committed
 * @throws HandlerFailure, BatchFailure, LeaseLostError; nothing is committed then
 */
export async function projectIntoShadow(
  { serializer, views, layouts, shadow }: RebuildSurroundings,
  { handler, key, entities }: ReadModelSubscription,
  liveTables: readonly string[],
  { events, from, to, ...how }: Part,
): Promise<number> {
  const runner = views.read.createQueryRunner();
  const tables = {
    entities,
    layouts,
    reads: new ShadowManager(shadow, runner, liveTables),
    within: (manager: EntityManager) => new ShadowManager(shadow, manager.queryRunner!, liveTables),
  };
  try {
    return await project({ handler, key, serializer, database: views.write, tables, ...how }, events, from, to);
  } finally {
    await runner.release();
  }
}
