import type { DataSource, ObjectLiteral } from 'typeorm';
import { columnName, keyName, type RandomEntity } from './random-entity.js';

/** What a projection uses of a `ReadModel`. */
export interface Rows {
  get(key: ObjectLiteral): Promise<ObjectLiteral | null | undefined>;
  save(row: ObjectLiteral): Promise<unknown> | void;
  remove(key: ObjectLiteral): Promise<unknown> | void;
}

/** The same by TypeORM alone, one statement after the other. */
export function rowsByHand(source: DataSource, { entity, keys, columns }: RandomEntity): Rows {
  const repository = source.getRepository<ObjectLiteral>(entity);
  const found = (key: ObjectLiteral): ObjectLiteral =>
    Object.fromEntries(
      keys.map(({ foundBy }, index) => {
        const value: unknown = key[keyName(index)];
        return [keyName(index), foundBy ? foundBy(value) : value];
      }),
    );
  return {
    get: (key) => repository.findOneBy(found(key)),
    save: (row) =>
      repository.upsert(
        // Otherwise TypeORM leaves the column as it was.
        { ...Object.fromEntries(columns.map((_, index) => [columnName(index), null])), ...row },
        keys.map((_, index) => keyName(index)),
      ),
    remove: (key) => repository.delete(found(key)),
  };
}
