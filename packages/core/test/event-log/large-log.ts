import type { EventLog, NewEvent } from '../../src/event-log/event-log.js';

export const HEAD = 40_000;
/** Events in one append, and in one stream. */
const ROUND = 1_000;
const CATEGORIES = ['order', 'user', 'product', 'cart'];

/** Values that few events have, and their number. */
export const RARE = {
  type: 'samples.rare',
  actor: 'saga:rare',
  category: 'rare',
  correlationId: 'ticket-4711',
} as const;
export const RARE_EVENTS = 25;

/** A log in which half of all events share an actor, and a few have rare values. */
export async function fillLargeLog(log: EventLog): Promise<void> {
  for (let round = 0; round < HEAD / ROUND; round++) {
    // One round has the rare category, in a stream as long as the others.
    const category = round === 20 ? RARE.category : CATEGORIES[round % CATEGORIES.length]!;
    const events = Array.from({ length: ROUND }, (_, index) => eventAt(round * ROUND + index));
    await log.append([{ stream: `${category}-${round}`, expected: 'no-stream', events }]);
  }
}

function eventAt(index: number): NewEvent {
  const isRare = index % (HEAD / RARE_EVENTS) === 77;
  return {
    type: isRare ? RARE.type : `samples.type-${index % 4}`,
    data: { index },
    metadata: {
      actor: isRare ? RARE.actor : index % 2 === 0 ? 'anonymous' : `user-${index % 500}`,
      correlationId: isRare ? RARE.correlationId : `request-${Math.floor(index / 3)}`,
    },
  };
}
