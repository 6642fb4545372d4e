import type { RecordedEvent } from '@leftfold/core';

/** Characters that are not taken over into a subject: all but ASCII letters, digits, hyphen and underscore. */
const UNSAFE = /[^A-Za-z0-9_-]/gu;

/**
 * Subject of an event: `<prefix>.<category>.<id>`. In the id, every character but ASCII letters, digits, `-` and `_` is
 * percent-encoded as UTF-8, as in a URL, so that it is one token of the subject, and ids that differ have subjects that
 * differ. `decodeURIComponent` gives the id back.
 * @param prefix one token or several, such as `leftfold`
 */
export function subjectOf({ stream, category }: Pick<RecordedEvent, 'stream' | 'category'>, prefix: string): string {
  const id = stream.slice(category.length + 1);
  return `${prefix}.${category}.${id.replaceAll(UNSAFE, percentEncoded)}`;
}

function percentEncoded(character: string): string {
  return Array.from(Buffer.from(character), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}
