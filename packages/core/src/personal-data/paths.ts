import { UnstorableValueError, type JsonObject, type JsonValue } from '../events/json.js';

type Members = Record<string, JsonValue | undefined>;

/**
 * Takes the value at a path out of data. Objects on the way are copied, so the given data stays as it is.
 * @returns the data without it, and the value; undefined when there is none
 * @throws UnstorableValueError when something on the way is a list or no object, where the value might hide
 */
export function takeOut(data: JsonObject, names: readonly string[], at = 'data'): [JsonObject, JsonValue | undefined] {
  const [name, ...rest] = names as [string, ...string[]];
  if (!Object.hasOwn(data, name)) return [data, undefined];
  const inner = data[name];
  if (rest.length === 0) {
    const { [name]: value, ...without } = data;
    return [without, value];
  }
  if (inner === undefined || inner === null) return [data, undefined];
  const here = `${at}.${name}`;
  if (typeof inner !== 'object' || Array.isArray(inner)) {
    throw new UnstorableValueError(here, `a personal field is declared inside of it, so it must be an object or null.`);
  }
  const [without, value] = takeOut(inner as JsonObject, rest, here);
  return value === undefined ? [data, undefined] : [{ ...data, [name]: without }, value];
}

/** Puts a value back to its path, into data that nobody else has. */
export function putBack(data: JsonObject, names: readonly string[], value: JsonValue): void {
  let members: Members = data;
  for (const name of names.slice(0, -1)) {
    const inner = Object.hasOwn(members, name) ? members[name] : undefined;
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) throw new Error('its place is gone.');
    members = inner as Members;
  }
  members[names.at(-1)!] = value;
}
