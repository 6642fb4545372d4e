import { DomainEvent } from '../../src/index.js';

export const RENAMED = 'things.thing-renamed';

/** An event that only the new build knows. */
@DomainEvent(RENAMED)
export class ThingRenamed {
  declare readonly type: typeof RENAMED;
  constructor(readonly id: string) {}
}
