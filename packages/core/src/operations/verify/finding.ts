/**
 * What was checked. `positions`, `versions`, `times` and `partition`: the events of the log. `look-ups`: what finds
 * them by their values. `checkpoint`, `origin`, `count` and `parked`: the rows of state of subscriptions, and their parked
 * events. `outbox`: commands of sagas that are not done. `tags`: the tags of events. `seal`: each event as it was sealed, and
 * the tiles of the tree. `file`: the pages and indexes of a SQLite file.
 */
export type VerifyCheck =
  | 'positions'
  | 'versions'
  | 'times'
  | 'partition'
  | 'look-ups'
  | 'checkpoint'
  | 'origin'
  | 'count'
  | 'parked'
  | 'outbox'
  | 'tags'
  | 'seal'
  | 'file';

/** A violated rule. */
export interface Finding {
  readonly check: VerifyCheck;
  /** `log`, `stream <name>`, `type <stored type>`, `read model <name>`, `subscription <name>`, or `read models` for their file. */
  readonly where: string;
  /** A sentence for operators. */
  readonly message: string;
  /** The position in the log, if it concerns one. */
  readonly position?: number;
}

/** Counts all findings and keeps the first ones, because a damaged log may have very many. */
export class Findings {
  private readonly first: Finding[] = [];
  private found = 0;

  constructor(private readonly most: number) {}

  add(finding: Finding): void {
    this.found++;
    if (this.first.length < this.most) this.first.push(finding);
  }

  /** Counts findings that are not kept. */
  addMore(count: number): void {
    this.found += count;
  }

  get count(): number {
    return this.found;
  }

  get kept(): readonly Finding[] {
    return this.first;
  }
}
