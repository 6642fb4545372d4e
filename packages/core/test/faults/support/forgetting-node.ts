import type { EventSourcingOptions } from '../../../src/index.js';

/** Options of a node that carries forgettings through soon after the one before it was killed. */
export const FORGETTING_NODE: Partial<EventSourcingOptions> = { leaseTtl: 300, readWaitLimit: 60_000 };
