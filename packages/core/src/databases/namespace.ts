import { createHash } from 'node:crypto';
import { type DataSource, DefaultNamingStrategy } from 'typeorm';

/** Prefix of the kernel's tables in its SQL, and in a new log. */
export const DEFAULT_PREFIX = 'leftfold_';

/** Matches the prefix in names, but not at the start of a string literal. */
const MARKED = /(?<![\w'])leftfold_/g;
/** Cache size for rewritten statements. There are few, unless values are written into the SQL text. */
const MOST_STATEMENTS = 1_000;

/**
 * Where the kernel's tables are in a database. The kernel's SQL uses the default prefix; for another prefix each
 * statement is rewritten once and cached. Advisory locks and the notification channel are derived from the namespace,
 * so that two logs in one database neither block nor notify each other.
 */
export class Namespace {
  private readonly statements = new Map<string, string>();

  constructor(
    /** Prefix of tables, indexes, triggers and functions; empty in a log that was made before prefixes existed. */
    readonly prefix: string,
    /** PostgreSQL schema of the tables; undefined on SQLite. */
    readonly schema?: string,
  ) {}

  /** The real name of what the kernel's SQL calls `leftfold_...`. */
  nameOf(marked: string): string {
    return marked.startsWith(DEFAULT_PREFIX) ? this.prefix + marked.slice(DEFAULT_PREFIX.length) : marked;
  }

  /** The statement with real names. */
  inPlace(sql: string): string {
    if (this.prefix === DEFAULT_PREFIX || !sql.includes(DEFAULT_PREFIX)) return sql;
    let known = this.statements.get(sql);
    if (known === undefined) {
      if (this.statements.size === MOST_STATEMENTS) this.statements.clear();
      known = sql.replaceAll(MARKED, this.prefix);
      this.statements.set(sql, known);
    }
    return known;
  }

  /** Key of the advisory lock that an append holds. The append function contains it as well. */
  get appendLock(): number {
    return this.prefix === '' ? 7_305_802 : this.keyOf('append');
  }

  /** Key of the advisory lock that serializes migrations of nodes that start together. */
  get migrationLock(): number {
    return this.prefix === '' ? 7_305_801 : this.keyOf('migration');
  }

  /** The PostgreSQL channel for notifications about appends. The append function contains it as well. */
  get channel(): string {
    return this.prefix === '' ? 'leftfold_events' : `leftfold_${this.hash('events')}`;
  }

  /** A positive integer of 48 bits, which JavaScript and PostgreSQL hold exactly. */
  private keyOf(purpose: string): number {
    return Number.parseInt(this.hash(purpose), 16);
  }

  /** 12 hexadecimal digits. */
  private hash(purpose: string): string {
    const text = JSON.stringify([purpose, this.prefix, this.schema ?? null]);
    return createHash('sha256').update(text).digest('hex').slice(0, 12);
  }
}

/** Gives the kernel's entities their real names. Other entities keep theirs. */
export class NamesInNamespace extends DefaultNamingStrategy {
  constructor(readonly namespace: Namespace) {
    super();
  }

  override tableName(className: string, given: string | undefined): string {
    return this.namespace.nameOf(super.tableName(className, given));
  }
}

/** Where the kernel's tables are in a database that `openDatabase` opened. */
export function namespaceOf({ options }: Pick<DataSource, 'options'>): Namespace {
  if (options.namingStrategy instanceof NamesInNamespace) return options.namingStrategy.namespace;
  throw new Error('This DataSource was not opened by the kernel, so it has no namespace.');
}
