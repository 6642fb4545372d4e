/** The names that can still be read: those of a forgotten user are absent. */
export function known(...names: readonly (string | undefined)[]): string[] {
  return names.filter((name) => name !== undefined);
}
