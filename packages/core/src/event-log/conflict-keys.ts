import type { PreparedAppend } from './prepared-append.js';

/** The keys of some appends, by which another append finds out whether it has to wait for one of them. */
export class ConflictKeys {
  private readonly owned = new Set<string>();
  private readonly written = new Set<string>();
  private readonly read = new Set<string>();

  add({ owns, writes, reads }: PreparedAppend): void {
    for (const key of owns) this.owned.add(key);
    for (const key of writes) this.written.add(key);
    for (const key of reads) this.read.add(key);
  }

  clashWith({ owns, writes, reads }: PreparedAppend): boolean {
    return hasOneOf(this.owned, owns) || hasOneOf(this.written, reads) || hasOneOf(this.read, writes);
  }
}

/** A loop, and not `some`: it runs for each append, and makes nothing. */
function hasOneOf(keys: ReadonlySet<string>, wanted: readonly string[]): boolean {
  if (keys.size === 0) return false;
  for (const key of wanted) if (keys.has(key)) return true;
  return false;
}
