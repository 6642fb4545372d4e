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
    return (
      owns.some((key) => this.owned.has(key)) ||
      reads.some((key) => this.written.has(key)) ||
      (this.read.size > 0 && writes.some((key) => this.read.has(key)))
    );
  }
}
