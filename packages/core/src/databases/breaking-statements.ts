const NAME = String.raw`((?:"[^"]+"|[\w$]+)(?:\.(?:"[^"]+"|[\w$]+))*)`;
const at = (pattern: string): RegExp =>
  new RegExp(pattern.replaceAll('NAME', NAME).replaceAll(' ', String.raw`\s+`), 'i');

const MADE = at(String.raw`^create (?:temp(?:orary)? )?(?:unlogged )?(?:table|view|function) (?!if\b)NAME`);
const DROPPED = at(String.raw`^drop (table|view|materialized view|function|procedure) (?:if exists )?NAME`);
const UNIQUE = at(
  String.raw`^create unique index (?:concurrently )?(?:if not exists )?(?:(?!on\b)\S+ )?on (?:only )?NAME`,
);
const ALTERED = at(String.raw`^alter table (?:if exists )?(?:only )?NAME (.*)$`);

/** A part of `alter table`, and what it does to the nodes that use the table. */
const PARTS: readonly (readonly [RegExp, (name: string) => string])[] = [
  [
    at(String.raw`^rename (?:(?!constraint\b)(?:column )?NAME )?to `),
    (name) => (name ? `renames ${name} of` : 'renames'),
  ],
  [
    at(String.raw`^drop (?:column )?(?:if exists )?(?!constraint\b|column\b)NAME`),
    (name) => `drops the column ${name} of`,
  ],
  [at(String.raw`^alter (?:column )?NAME (?:set data )?type `), (name) => `changes the type of ${name} of`],
  [at(String.raw`^alter (?:column )?NAME set not null`), (name) => `requires ${name} of`],
  [at(String.raw`^alter (?:column )?NAME drop default`), (name) => `takes the default from ${name} of`],
  [
    at(String.raw`^add (?:constraint NAME )?(?:check|unique|primary key|foreign key|exclude)\b`),
    (name) => (name ? `adds the constraint ${name} to` : 'adds a constraint to'),
  ],
  [
    at(
      String.raw`^add (?:column )?(?:if not exists )?(?!constraint\b)NAME (?=.*\bnot null\b)(?!.*\b(?:default|generated)\b)`,
    ),
    (name) => `adds the required column ${name} to`,
  ],
];

/**
 * Finds what a running program of the version before may not survive: something that it uses is gone or another, or what it
 * writes is refused. It reads text, so it does not know what that program really uses. Rows that change are not judged.
 */
export class BreakingStatements {
  /** Made by these migrations, so no other program uses it yet. */
  private readonly made = new Set<string>();

  /** @returns what the SQL does, as in "drops the table parcels"; undefined if it breaks nothing */
  find(sql: string): string | undefined {
    for (const statement of statementsOf(sql)) {
      const made = MADE.exec(statement);
      const what = this.judge(statement);
      if (what !== undefined) return what;
      if (made) this.made.add(nameOf(made[1]!));
    }
    return undefined;
  }

  private judge(statement: string): string | undefined {
    const [, kind, dropped] = DROPPED.exec(statement) ?? [];
    if (kind !== undefined && !this.isNew(dropped!)) return `drops the ${kind.toLowerCase()} ${nameOf(dropped!)}`;
    const [, indexed] = UNIQUE.exec(statement) ?? [];
    if (indexed !== undefined && !this.isNew(indexed)) return `adds a unique index to ${nameOf(indexed)}`;
    const [, table, parts] = ALTERED.exec(statement) ?? [];
    if (table === undefined || this.isNew(table)) return undefined;
    for (const part of partsOf(parts!)) {
      for (const [pattern, describe] of PARTS) {
        const match = pattern.exec(part);
        if (match) return `${describe(match[1] === undefined ? '' : nameOf(match[1]))} ${nameOf(table)}`;
      }
    }
    return undefined;
  }

  private isNew(name: string): boolean {
    return this.made.has(nameOf(name));
  }
}

/** Without comments, texts and bodies of functions, so that a semicolon ends a statement. */
function statementsOf(sql: string): string[] {
  return sql
    .replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ')
    .replaceAll(/(\$\w*\$)[\s\S]*?\1/g, "''")
    .replaceAll(/'(?:[^']|'')*'/g, "''")
    .split(';')
    .map((each) => each.trim().replaceAll(/\s+/g, ' '));
}

/** Divides `add a int, add b numeric(3, 1)` at the commas outside of brackets. */
function partsOf(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const char of text) {
    if (char === '(') depth += 1;
    if (char === ')') depth -= 1;
    if (char === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += char;
  }
  return parts.map((part) => part.trim());
}

/** Without a schema and quotes. */
function nameOf(name: string): string {
  return name.split('.').at(-1)!.replaceAll('"', '').toLowerCase();
}
