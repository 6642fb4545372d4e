/** Whether a text contains the name as a whole word, quoted or not, ignoring case. */
export function namesTable(sql: string, table: string): boolean {
  return new RegExp(wholeWord(table), 'iu').test(sql);
}

/** Whether a statement reads or writes a table with this name. Columns and aliases may have the same name. */
export function usesTable(sql: string, table: string): boolean {
  const keyword = String.raw`\b(?:from|join|into|update(?:\s+or\s+\w+)?|using|table|truncate|only|exists)(?:\s+|(?=["\x60[]))`;
  const schema = String.raw`(?:["\x60[]?\w+["\x60\]]?\s*\.\s*)?`;
  return new RegExp(`${keyword}${schema}["\`[]?${wholeWord(table)}`, 'iu').test(sql);
}

function wholeWord(name: string): string {
  const escaped = name.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  return String.raw`(?<![\p{L}\p{N}_$])${escaped}(?![\p{L}\p{N}_$])`;
}
