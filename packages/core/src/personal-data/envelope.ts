import type { JsonObject, JsonValue } from '../events/json.js';
import { PERSONAL } from '../events/reserved-names.js';

/** The encrypted fields of an event that are about one subject. */
export interface EnvelopePart {
  readonly subject: string;
  /** Id of the key; null when the subject was forgotten already when the event was stored. */
  readonly key: string | null;
  /** Ciphertext by path, in base64; null where `key` is. */
  readonly fields: Readonly<Record<string, string | null>>;
}

/** Data as it is stored: without its personal fields, and the envelope that has them. */
export interface Enveloped {
  readonly plain: JsonObject;
  readonly parts: readonly EnvelopePart[];
}

const VERSION = 1;
const MARK = `"${PERSONAL}":`;
/** The mark without its quote, which is everywhere in JSON: a search for what is rare takes a tenth of the time. */
const RARE = MARK.slice(1);

/** Whether a stored text may have an envelope. It looks at the text only, so that other rows cost next to nothing. */
export function mayBeEnveloped(text: string): boolean {
  return text.includes(RARE) && text.includes(MARK);
}

/** The data with an envelope as its last member. */
export function enveloped(plain: JsonObject, parts: readonly EnvelopePart[]): JsonObject {
  return { ...plain, [PERSONAL]: { v: VERSION, of: parts as unknown as readonly JsonValue[] } };
}

/**
 * Takes stored data apart.
 * @returns undefined when it has no envelope
 * @throws Error when the envelope has another version or another form
 */
export function openEnvelope(data: JsonObject): Enveloped | undefined {
  if (!Object.hasOwn(data, PERSONAL)) return undefined;
  const { [PERSONAL]: envelope, ...plain } = data;
  const { v, of } = (envelope ?? {}) as { readonly v?: unknown; readonly of?: unknown };
  if (v !== VERSION) throw new Error(`its envelope has version ${JSON.stringify(v)}; this program knows ${VERSION}.`);
  if (!Array.isArray(of) || !of.every(isPart)) throw new Error('its envelope was changed.');
  return { plain, parts: of };
}

function isPart(part: unknown): part is EnvelopePart {
  const { subject, key, fields } = (part ?? {}) as Partial<Record<keyof EnvelopePart, unknown>>;
  return (
    typeof subject === 'string' &&
    (key === null || typeof key === 'string') &&
    typeof fields === 'object' &&
    fields !== null &&
    Object.values(fields).every((text) => (key === null ? text === null : typeof text === 'string'))
  );
}
