import { AsyncLocalStorage } from 'node:async_hooks';
import type { EntityManager, ObjectLiteral } from 'typeorm';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import type { RowClass } from './row.js';
import { RowMap } from './row-map.js';

const running = new AsyncLocalStorage<ReadModelBatch>();

/** One transaction of a read model: the rows that its events touch. */
export class ReadModelBatch {
  private readonly maps = new Map<RowClass, RowMap<ObjectLiteral>>();

  constructor(
    private readonly manager: EntityManager,
    private readonly events: readonly RecordedEvent[],
  ) {}

  /** @throws Error outside of a batch */
  static current(): ReadModelBatch {
    const batch = running.getStore();
    if (!batch) {
      throw new Error(
        'A ReadModel works only while its projection handles an event. In a query handler, use @InjectRepository.',
      );
    }
    return batch;
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    return running.run(this, work);
  }

  rows<T extends ObjectLiteral>(entity: RowClass<T>): RowMap<T> {
    let map = this.maps.get(entity);
    if (!map) {
      map = new RowMap<ObjectLiteral>(this.manager, entity, this.events);
      this.maps.set(entity, map);
    }
    return map as unknown as RowMap<T>;
  }

  async handOver(): Promise<EntityManager> {
    await this.flush();
    this.maps.clear();
    return this.manager;
  }

  async flush(): Promise<void> {
    for (const map of this.maps.values()) await map.flush();
  }
}
