const INDEX = /^\d+$/;

/** `['lines', '0', 'sku']` as people write it: `lines[0].sku`. */
export function fieldPath(names: readonly string[]): string {
  return names.map((name, at) => (INDEX.test(name) && at > 0 ? `[${name}]` : at > 0 ? `.${name}` : name)).join('');
}
