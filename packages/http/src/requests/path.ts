/** The path of a request without its query, which may hold private data. */
export function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? '/';
}
