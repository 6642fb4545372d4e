import type { DataSource, EntityMetadata, ObjectLiteral } from 'typeorm';
import { shown, type StoredType, ValueRefusedError } from './columns/stored-type.js';
import { isPlain } from './plain-columns.js';
import type { ColumnMetadata, RowClass, RowKey } from './row.js';
import { RowRefusedError } from './row-refused.error.js';
import type { ListedColumn, RowLists } from './statements/row-lists.js';

/** A column of an entity, with its type in the database. */
export interface Field {
  readonly column: ColumnMetadata;
  readonly type: StoredType;
  /** Name of the column's type in the database. */
  readonly typeName: string;
  readonly isNullable: boolean;
  /** Value stored when the property is undefined, in stored form. */
  readonly fallback?: unknown;
  /** SQL of a default that would differ from one rebuild to the next. */
  readonly varyingDefault?: string;
}

/** The column values of a row in stored form, in the order of the layout's fields. */
export type StoredRow = readonly unknown[];

/** A primary key. */
export interface StoredKey {
  /** Equal for two keys exactly when the database considers them the same. */
  readonly id: string;
  /** The key's column values in stored form. */
  readonly values: readonly unknown[];
}

/** Traits of a table, and of its database, that decide how its rows can be written. */
export interface TableTraits {
  /** A row can be refused because of another row with a different key. */
  readonly hasOtherUniqueness: boolean;
  /** Deleting and reinserting a row loses nothing: the entity has all columns, and nothing depends on the row. */
  readonly isReplaceable: boolean;
  /** How a statement receives many rows. */
  readonly lists: RowLists;
}

/** How the rows of one entity are stored, and how they look when read back. */
export class RowLayout<T extends ObjectLiteral = ObjectLiteral> {
  readonly keyFields: readonly Field[];
  private readonly lastKeyField: Field | undefined;
  private readonly keyPlaces: readonly number[];
  /** For each field, whether TypeORM passes it through unchanged. */
  private readonly plain: readonly boolean[];
  private readonly plainKeys: readonly boolean[];

  constructor(
    readonly entity: RowClass<T>,
    private readonly metadata: EntityMetadata,
    readonly fields: readonly Field[],
    private readonly driver: DataSource['driver'],
    readonly table: TableTraits,
  ) {
    this.keyFields = fields.filter(({ column }) => column.isPrimary);
    this.lastKeyField = this.keyFields.at(-1);
    this.keyPlaces = this.keyFields.map((field) => fields.indexOf(field));
    this.plain = fields.map(({ column }) => isPlain(column));
    this.plainKeys = this.keyFields.map(({ column }) => isPlain(column));
  }

  /** The name of a table, or column, quoted for this database. */
  quoted(name: string): string {
    return this.driver.escape(name);
  }

  /** The column of a field, for statements. */
  columnOf({ column, typeName }: Field): ListedColumn {
    return { name: this.quoted(column.databaseName), typeName };
  }

  /** Whether two differently written keys may be equal. */
  get foldsKeys(): boolean {
    return this.keyFields.some(({ type }) => type.foldsKeys);
  }

  /**
   * A row as the database would hold it.
   * @throws RowRefusedError
   */
  toStored(row: T): StoredRow {
    for (const { propertyName, inverseEntityMetadata } of this.metadata.relations) {
      if ((row as ObjectLiteral)[propertyName] === undefined) continue;
      throw new RowRefusedError(
        this.entity.name,
        propertyName,
        `is a relation, and a ReadModel writes columns alone. Set the column with the key of ${inverseEntityMetadata.name}`,
      );
    }
    return this.fields.map((field, index) => this.stored(field, valueOf(row, field.column), this.plain[index]!));
  }

  /** A row as TypeORM would read it; a new object for every caller. */
  toRow(stored: StoredRow): T {
    const row = new this.entity();
    for (let index = 0; index < this.fields.length; index++) {
      const { column, type } = this.fields[index]!;
      const value = stored[index];
      const read = value === null || !type.toDriver ? value : type.toDriver(value);
      const hydrated = this.plain[index] ? read : (this.driver.prepareHydratedValue(read, column) as unknown);
      if (column.embeddedMetadata) column.setEntityValue(row, hydrated);
      else (row as ObjectLiteral)[column.propertyName] = hydrated;
    }
    for (const listener of this.metadata.afterLoadListeners) listener.execute(row);
    return row;
  }

  /** Values that the driver read, in the order of the fields. */
  fromDriver(values: readonly unknown[]): StoredRow {
    return this.fields.map(({ column, type }, index) => {
      const value = values[index] ?? null;
      if (value === null) return null;
      try {
        return type.fromDriver ? type.fromDriver(value) : type.normalize(value);
      } catch (error) {
        throw this.refusal(column, error);
      }
    });
  }

  /**
   * A key, from the entity's properties.
   * @throws RowRefusedError
   */
  key(key: RowKey): StoredKey {
    const single = this.keyFields.length === 1 && !hasValue(key, this.keyFields[0]!.column);
    return this.keyFrom(
      this.keyFields.map((field, index) =>
        this.stored(field, single ? key : valueOf(key as object, field.column), this.plainKeys[index]!),
      ),
    );
  }

  /** Like `key`, but undefined when the value can't be a key of this table. */
  possibleKey(key: RowKey): StoredKey | undefined {
    try {
      return this.key(key);
    } catch (error) {
      if (error instanceof RowRefusedError) return undefined;
      throw error;
    }
  }

  /** The key of a stored row. */
  keyOf(stored: StoredRow): StoredKey {
    return this.keyFrom(this.keyPlaces.map((place) => stored[place]));
  }

  /** The `id` of `key`. @throws RowRefusedError */
  idOf(key: RowKey): string {
    const { keyFields, plainKeys } = this;
    const single = keyFields.length === 1 && !hasValue(key, keyFields[0]!.column);
    let id = '';
    for (let index = 0; index < keyFields.length; index++) {
      const field = keyFields[index]!;
      const value = single ? key : valueOf(key as object, field.column);
      id = this.withPart(id, field, this.stored(field, value, plainKeys[index]!));
    }
    return id;
  }

  /** Whether the key of a stored row has the same values as another one. Then their ids are equal, too. */
  hasKey(stored: StoredRow, { values }: StoredKey): boolean {
    for (let index = 0; index < values.length; index++) {
      if (stored[this.keyPlaces[index]!] !== values[index]) return false;
    }
    return true;
  }

  /** The `id` of `keyOf`. */
  idOfStored(stored: StoredRow): string {
    let id = '';
    for (let index = 0; index < this.keyFields.length; index++) {
      id = this.withPart(id, this.keyFields[index]!, stored[this.keyPlaces[index]!]);
    }
    return id;
  }

  private keyFrom(values: readonly unknown[]): StoredKey {
    let id = '';
    for (let index = 0; index < values.length; index++) id = this.withPart(id, this.keyFields[index]!, values[index]);
    return { id, values };
  }

  /** @param id of the columns before */
  private withPart(id: string, field: Field, value: unknown): string {
    const text = field.type.keyText!(value);
    // With their lengths, so that no two lists of texts make the same id.
    return field === this.lastKeyField ? id + text : `${id}${text.length}:${text}`;
  }

  private stored(field: Field, value: unknown, plain: boolean): unknown {
    const { column, type, isNullable, fallback, varyingDefault } = field;
    if (value === undefined && fallback !== undefined) return fallback;
    try {
      const given = value ?? null;
      const persistent = plain ? given : this.persistent(field, given);
      if (persistent !== null && persistent !== undefined) return type.normalize(persistent);
      if (value === undefined && varyingDefault !== undefined) {
        throw new ValueRefusedError(
          `is left out, and its default (${varyingDefault}) would differ in a rebuild. Set it from the event`,
        );
      }
      if (!isNullable) throw new ValueRefusedError(`is ${shown(value)}, and the column is not nullable`);
      return null;
    } catch (error) {
      throw this.refusal(column, error);
    }
  }

  private persistent({ column, type }: Field, value: unknown): unknown {
    try {
      if (!type.fromProperty) return this.driver.preparePersistentValue(value, column) as unknown;
      const given = transformed(column, value);
      return given === null || given === undefined ? given : type.fromProperty(given);
    } catch (error) {
      if (error instanceof ValueRefusedError) throw error;
      throw new ValueRefusedError(`can't be converted, ${shown(value)}: ${(error as Error).message}`, { cause: error });
    }
  }

  private refusal(column: ColumnMetadata, error: unknown): unknown {
    if (!(error instanceof ValueRefusedError)) return error;
    return new RowRefusedError(this.entity.name, column.propertyPath, error.message, error.cause);
  }
}

/** What the transformers of a column make of the value of its property. */
function transformed({ transformer }: ColumnMetadata, value: unknown): unknown {
  return [transformer ?? []].flat().reduce((given: unknown, each) => each.to(given) as unknown, value);
}

function hasValue(key: RowKey, column: ColumnMetadata): boolean {
  return typeof key === 'object' && !(key instanceof Date) && valueOf(key, column) !== undefined;
}

/** The property of a column. TypeORM's own lookup prefers a relation's object to the column's property. */
function valueOf(row: object, { embeddedMetadata, propertyName }: ColumnMetadata): unknown {
  if (!embeddedMetadata) return (row as ObjectLiteral | null)?.[propertyName];
  let holder: unknown = row;
  for (const name of embeddedMetadata.parentPropertyNames) {
    holder = (holder as ObjectLiteral | null | undefined)?.[name];
  }
  return (holder as ObjectLiteral | null | undefined)?.[propertyName];
}
