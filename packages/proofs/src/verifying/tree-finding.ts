/** Something in the log or in its tree that is not as it was sealed. */
export interface TreeFinding {
  /** Undefined when it is about the tree. */
  readonly position: number | undefined;
  readonly message: string;
}
