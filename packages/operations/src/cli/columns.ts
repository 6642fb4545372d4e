/** On which side of its column a cell stands. */
export type Alignment = 'left' | 'right';

const GAP = '  ';

/** Lines whose cells stand below one another. Columns become as wide as the widest cell so far. */
export class Columns {
  private readonly widths: number[] = [];

  /** @param alignments of the first columns; further ones are on the left */
  constructor(private readonly alignments: readonly Alignment[]) {}

  /** Makes room for cells before their lines are asked for. */
  fit(rows: readonly (readonly string[])[]): void {
    for (const row of rows) {
      for (const [index, cell] of row.entries()) {
        this.widths[index] = Math.max(this.widths[index] ?? 0, harmless(cell).length);
      }
    }
  }

  line(cells: readonly string[]): string {
    this.fit([cells]);
    return cells
      .map((cell, index) => {
        const text = harmless(cell);
        const width = this.widths[index]!;
        return this.alignments[index] === 'right' ? text.padStart(width) : text.padEnd(width);
      })
      .join(GAP)
      .trimEnd();
  }
}

/** All lines of a table, its head first. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  alignments: readonly Alignment[],
): string[] {
  const columns = new Columns(alignments);
  columns.fit([head, ...rows]);
  return [head, ...rows].map((row) => columns.line(row));
}

/** Names and values below one another. */
export function fields(entries: readonly (readonly [name: string, value: string])[]): string[] {
  const columns = new Columns(['left']);
  columns.fit(entries);
  return entries.map((entry) => columns.line(entry));
}

/** What is stored may hold line breaks, and codes that steer a terminal. */
export function harmless(text: string): string {
  return text.replaceAll(/[\s\u2028\u2029]+/g, ' ').replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, '\uFFFD');
}
