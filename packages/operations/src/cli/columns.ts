/** Alignment of a cell in its column. */
export type Alignment = 'left' | 'right';

const GAP = '  ';

/** Lines with aligned columns. Each column is as wide as its widest cell so far. */
export class Columns {
  private readonly widths: number[] = [];

  /** @param alignments of the first columns; all others are left-aligned */
  constructor(private readonly alignments: readonly Alignment[]) {}

  /** Widens the columns for these cells before their lines are printed. */
  fit(rows: readonly (readonly string[])[]): void {
    for (const row of rows) {
      for (const [index, cell] of row.entries()) {
        this.widths[index] = Math.max(this.widths[index] ?? 0, printable(cell).length);
      }
    }
  }

  line(cells: readonly string[]): string {
    this.fit([cells]);
    return cells
      .map((cell, index) => {
        const text = printable(cell);
        const width = this.widths[index]!;
        return this.alignments[index] === 'right' ? text.padStart(width) : text.padEnd(width);
      })
      .join(GAP)
      .trimEnd();
  }
}

/** All lines of a table, with its header first. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  alignments: readonly Alignment[],
): string[] {
  const columns = new Columns(alignments);
  columns.fit([head, ...rows]);
  return [head, ...rows].map((row) => columns.line(row));
}

/** Names and values in two columns. */
export function fields(entries: readonly (readonly [name: string, value: string])[]): string[] {
  const columns = new Columns(['left']);
  columns.fit(entries);
  return entries.map((entry) => columns.line(entry));
}

/** Stored text may contain line breaks and terminal control codes. */
export function printable(text: string): string {
  return text.replaceAll(/[\s\u2028\u2029]+/g, ' ').replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, '\uFFFD');
}
