import { classOf } from '../constructor.js';
import { describeEvent, refuseOwnType } from '../events/domain-event.decorator.js';
import { type JsonObject, decodeJson, encodeJson } from '../events/json.js';
import { revive } from '../events/revive.js';

/** The event as it is read back from the log. */
export function eventThroughStorage(event: object): object {
  const { eventClass } = describeEvent(classOf(event));
  refuseOwnType(event);
  return revive(eventClass.prototype as object, decodeJson<JsonObject>(encodeJson(event)));
}
