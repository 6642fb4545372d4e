/** What a run has done, and what it found. */
export class SoakRecord {
  readonly counts = new Map<string, number>();
  readonly findings: string[] = [];

  count(what: string, times = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + times);
  }

  of(what: string): number {
    return this.counts.get(what) ?? 0;
  }

  /** Something that must never happen. */
  find(what: string): void {
    this.findings.push(what);
    console.log(`FOUND: ${what}`);
  }

  /** A table in Markdown. */
  table(rows: readonly string[]): string {
    const width = Math.max(...rows.map((row) => row.length));
    return rows.map((row) => `| ${row.padEnd(width)} | ${String(this.of(row)).padStart(6)} |`).join('\n');
  }
}
