const INDEX = /^\d+$/;

/** Writes `['lines', '0', 'sku']` as `lines[0].sku`. */
export function fieldPath(names: readonly string[]): string {
  return names.map((name, at) => (INDEX.test(name) && at > 0 ? `[${name}]` : at > 0 ? `.${name}` : name)).join('');
}
