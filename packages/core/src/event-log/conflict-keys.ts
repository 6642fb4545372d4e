import type { PreparedAppend } from './prepared-append.js';

/** The keys of some appends, by which another append finds out whether it has to wait for one of them. */
export class ConflictKeys {
  private readonly owned = new Set<string>();
  private readonly read = new Set<string>();
  private readonly written = new Set<string>();
  /** Appends whose written keys are not in `written` yet: few appends read anything. */
  private writers: PreparedAppend[] = [];

  add(append: PreparedAppend): void {
    for (const key of append.owns) this.owned.add(key);
    for (const key of append.reads) this.read.add(key);
    this.writers.push(append);
  }

  clashWith(append: PreparedAppend): boolean {
    if (hasOneOf(this.owned, append.owns)) return true;
    if (append.reads.length > 0 && hasOneOf(this.allWritten(), append.reads)) return true;
    return this.read.size > 0 && hasOneOf(this.read, append.writes);
  }

  private allWritten(): ReadonlySet<string> {
    for (const { writes } of this.writers) for (const key of writes) this.written.add(key);
    this.writers = [];
    return this.written;
  }
}

/** A loop, and not `some`: it runs for each append, and makes nothing. */
function hasOneOf(keys: ReadonlySet<string>, wanted: readonly string[]): boolean {
  for (const key of wanted) if (keys.has(key)) return true;
  return false;
}
