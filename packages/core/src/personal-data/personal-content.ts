import type { JsonObject } from '../events/json.js';
import type { Tag } from '../events/tags.js';

/** Personal fields of one event on its way into the log. */
export interface PersonalContent {
  readonly parts: readonly ContentPart[];
  /** The tags of the event without these fields. */
  tagsWithout(paths: readonly string[]): readonly Tag[];
}

/** Fields that are about one subject. */
export interface ContentPart {
  readonly subject: string;
  readonly fields: readonly { readonly path: string; readonly names: readonly string[] }[];
}

/** Personal fields in encrypted form. */
export interface EncryptedContent {
  /** Without the fields, and with an envelope. */
  readonly data: JsonObject;
  /** The subjects of the fields, each once. */
  readonly subjects: readonly string[];
  /** Paths of the fields that are left out, because their subject is forgotten. */
  readonly forgotten: readonly string[];
}
