import { createHash } from 'node:crypto';
import { type DataSource, DefaultNamingStrategy } from 'typeorm';

/** What the names of the kernel's own tables begin with in its SQL, and in a new log. */
export const DEFAULT_PREFIX = 'leftfold_';

/** A name, and not the beginning of a text in quotes. */
const MARKED = /(?<![\w'])leftfold_/g;
/** Statements with the default prefix, and the same with another one. Few, unless somebody writes values into them. */
const MOST_STATEMENTS = 1_000;

/**
 * Where the kernel's own tables are in a database. SQL of the kernel calls them by the default prefix; for another prefix each
 * statement is rewritten once. What the nodes on one log share follows from the namespace too, so that two logs in one database
 * neither wait for each other nor hear of each other.
 */
export class Namespace {
  private readonly statements = new Map<string, string>();

  constructor(
    /** What the names of tables, indexes, triggers and functions begin with; empty in a log from before there was a prefix. */
    readonly prefix: string,
    /** The schema of PostgreSQL that they are in; on SQLite undefined. */
    readonly schema?: string,
  ) {}

  /** The true name of what the kernel's SQL calls `leftfold_...`. */
  nameOf(marked: string): string {
    return marked.startsWith(DEFAULT_PREFIX) ? this.prefix + marked.slice(DEFAULT_PREFIX.length) : marked;
  }

  /** A statement with the true names. */
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

  /** Key of the advisory lock that an append holds; it stands in the function that appends. */
  get appendLock(): number {
    return this.prefix === '' ? 7_305_802 : this.keyOf('append');
  }

  /** Key of the advisory lock that nodes which start together take in turn. */
  get migrationLock(): number {
    return this.prefix === '' ? 7_305_801 : this.keyOf('migration');
  }

  /** The channel on which PostgreSQL tells of appends; it stands in the function that appends. */
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

/** Gives the kernel's entities their true names; those of others stay as they are. */
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
  throw new Error('This DataSource is none of the kernel, so it has no namespace.');
}
