import type { DataSource, ObjectLiteral } from 'typeorm';
import { columnOf, keyPaths, keyValues, keyWith, type RandomEntity, setColumn } from './random-entity.js';

/** The methods of `ReadModel` that a projection uses. */
export interface Rows {
  get(key: ObjectLiteral): Promise<ObjectLiteral | null | undefined>;
  save(row: ObjectLiteral): Promise<unknown> | void;
  remove(key: ObjectLiteral): Promise<unknown> | void;
}

/** The same with TypeORM alone, one statement after the other. */
export function rowsByHand(source: DataSource, random: RandomEntity): Rows {
  const repository = source.getRepository<ObjectLiteral>(random.entity);
  // A ReadModel loads the whole row.
  for (const column of repository.metadata.columns) column.isSelect = true;
  return {
    get: (key) => repository.findOneBy(keyFoundBy(random, key)),
    save: (row) => {
      // Otherwise TypeORM would keep the old value of the column.
      random.columns.forEach((_, index) => setColumn(random, row, index, columnOf(random, row, index) ?? null));
      return repository.upsert(row, keyPaths(random));
    },
    remove: (key) => repository.delete(keyFoundBy(random, key)),
  };
}

/** The key of a row as conditions that TypeORM finds it by. */
export function keyFoundBy(random: RandomEntity, row: ObjectLiteral): ObjectLiteral {
  const values = keyValues(random, row);
  return keyWith(
    random,
    random.keys.map(({ foundBy }, index) => (foundBy ? foundBy(values[index]) : values[index])),
  );
}
