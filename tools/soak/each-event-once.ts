import type { SoakRecord } from './record.js';
import type { Told } from './shoppers.js';

export interface StoredEvent {
  readonly position: number;
  readonly stream: string;
  readonly version: number;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const ofStream = ({ stream }: StoredEvent): unknown => stream;
const ofLine = ({ data }: StoredEvent): unknown => [data.orderId, data.line];

/** The first node stores these before anybody can ask: the first operator. */
const AT_START = ['users.user-registered', 'users.role-granted'];

/** Events that only a command of a client makes, one each. */
export const OF_CLIENTS: ReadonlySet<string> = new Set([
  'users.user-registered',
  'users.user-logged-in',
  'users.username-changed',
  'inventory.product-added',
  'inventory.stock-added',
  'orders.order-placed',
  'orders.order-paid',
  'orders.order-cancelled',
]);

/** Events that follow from others, and what has one of them at most. */
export const FOLLOWING: Readonly<Record<string, (event: StoredEvent) => unknown>> = {
  'orders.line-reserved': ofLine,
  'orders.order-confirmed': ofStream,
  'orders.order-rejected': ofStream,
  'orders.order-expired': ofStream,
  'inventory.stock-reserved': ofLine,
  'inventory.stock-released': ofLine,
  'inventory.stock-dispatched': ofLine,
};

/** Each event has one reason: a command of a client, or another event. Nothing else is in the log, and nothing twice. */
export function checkEachEventOnce(events: readonly StoredEvent[], told: Told, record: SoakRecord): void {
  const claimed = claimedBy(events, told, record);
  const unanswered = new Map(told.unanswered);
  const seen = new Set<string>();
  for (const event of events) {
    const { position, stream, type } = event;
    if (claimed.has(position) || type === AT_START[position - 1]) continue;
    const reason = FOLLOWING[type];
    if (reason) {
      const key = JSON.stringify([type, reason(event)]);
      if (seen.has(key)) record.find(`This happened twice: ${key}, again at position ${position}.`);
      seen.add(key);
    } else if (!OF_CLIENTS.has(type)) record.find(`Nothing in this run makes ${type}, of ${stream} at ${position}.`);
    else if (!takeOne(unanswered, `${type} ${stream}`))
      record.find(`Nobody was told of ${type} of ${stream} at ${position}.`);
  }
}

/** The positions of acknowledged commands. Each has its event there. */
function claimedBy(events: readonly StoredEvent[], { acknowledged }: Told, record: SoakRecord): ReadonlySet<number> {
  const claimed = new Set<number>();
  for (const { position, stream, type } of acknowledged) {
    const event = events[position - 1];
    const isThere = event?.stream === stream && event.type === type;
    if (!isThere)
      record.find(`${type} of ${stream} was acknowledged at ${position}, where the log has ${event?.type}.`);
    if (claimed.has(position)) record.find(`Two commands were acknowledged at position ${position}.`);
    claimed.add(position);
  }
  return claimed;
}

function takeOne(left: Map<string, number>, key: string): boolean {
  const count = left.get(key) ?? 0;
  left.set(key, count - 1);
  return count > 0;
}
