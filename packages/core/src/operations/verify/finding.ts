/**
 * What was looked at. `positions`, `versions`, `times` and `partition`: the events of the log. `checkpoint`, `origin`,
 * `count` and `parked`: the rows of state of those who follow it, and what they have set aside.
 */
export type VerifyCheck =
  'positions' | 'versions' | 'times' | 'partition' | 'checkpoint' | 'origin' | 'count' | 'parked';

/** Something that is not as it must be. */
export interface Finding {
  readonly check: VerifyCheck;
  /** `log`, `stream <name>`, `read model <name>` or `subscription <name>`. */
  readonly where: string;
  /** A sentence for an operator. */
  readonly message: string;
  /** The place in the log, where it is at one. */
  readonly position?: number;
}

/** Counts all that is found, and keeps the first ones: a log may be damaged everywhere. */
export class Findings {
  private readonly first: Finding[] = [];
  private found = 0;

  constructor(private readonly most: number) {}

  add(finding: Finding): void {
    this.found++;
    if (this.first.length < this.most) this.first.push(finding);
  }

  get count(): number {
    return this.found;
  }

  get kept(): readonly Finding[] {
    return this.first;
  }
}
