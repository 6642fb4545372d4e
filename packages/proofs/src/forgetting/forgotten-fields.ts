import type { SubjectFields } from '@leftfold/core';
import type { CertificateFacts } from './certificate.js';

/** Which fields of which events are forgotten, up to a position. Later events never had them. */
export async function forgottenFields(
  events: AsyncIterable<SubjectFields>,
  upTo: number,
): Promise<Pick<CertificateFacts, 'fields' | 'events'>> {
  const names = new Map<string, Set<string>>();
  let [count, first, last]: [number, number | null, number | null] = [0, null, null];
  for await (const { position, type, forgotten } of events) {
    if (position > upTo || !forgotten) continue;
    count += 1;
    first ??= position;
    last = position;
    const known = names.get(type) ?? new Set();
    names.set(type, known);
    for (const path of forgotten) known.add(path);
  }
  const sorted = [...names].toSorted(([one], [other]) => (one < other ? -1 : 1));
  return {
    fields: Object.fromEntries(sorted.map(([type, paths]) => [type, [...paths].toSorted()])),
    events: { count, first, last },
  };
}
