import { categoryOf } from '../event-log/stream-name.js';

/** A partitioned projection used a row that events of another stream may write on another node. */
export class ForeignRowError extends Error {
  constructor(projection: string, reason: string) {
    super(`The projection "${projection}" is partitioned, ${reason}`);
    this.name = 'ForeignRowError';
  }
}

/** The rows that a partitioned projection may use: those keyed by the stream of the event that it handles. */
export class OwnRows {
  private category: string | undefined;

  constructor(private readonly projection: string) {}

  /**
   * The rows of a stream.
   * @throws ForeignRowError when its category is another one than that of the streams before
   */
  of(stream: string): RowsOfStream {
    const category = categoryOf(stream);
    this.category ??= category;
    if (category !== this.category) {
      throw this.refused(
        `and handles events of the streams ${this.category}-… and ${category}-…. Two nodes could write the same row. ` +
          'Handle the events of one category, or leave "partitioned" out.',
      );
    }
    const id = stream.slice(category.length + 1);
    return {
      check: (entity, key) => {
        if (String(key) === id) return;
        throw this.refused(
          `and uses the row ${String(key)} of ${entity} while it handles an event of the stream ${stream}. The first column of ` +
            `the primary key has to be the id of the stream, ${id}. Correct it, or leave "partitioned" out.`,
        );
      },
      refuseSql: () => {
        throw this.refused('so it can\'t use SQL: it could change rows of another node. Leave "partitioned" out.');
      },
    };
  }

  private refused(reason: string): ForeignRowError {
    return new ForeignRowError(this.projection, reason);
  }
}

/** The rows that belong to one stream. */
export interface RowsOfStream {
  /**
   * @param key the value of the first column of a row's primary key
   * @throws ForeignRowError when the row belongs to another stream
   */
  check(entity: string, key: unknown): void;
  /** @throws ForeignRowError */
  refuseSql(): never;
}
