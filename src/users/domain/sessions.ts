/** A mail with a token was requested. */
export interface PasswordReset {
  readonly resetId: string;
  /** ISO 8601, UTC. */
  readonly expiresAt: string;
}

/** Sessions that are remembered as ended by themselves, at the most. */
const REMEMBERED = 1_000;

/** As plain JSON, for a snapshot. */
export type SessionState = ReturnType<typeof plain>;

/** Which of a user's sessions have ended, and which password new ones need. */
export class Sessions {
  passwordId = '';
  /** Raised by everything that ends all sessions. */
  generation = 0;
  private reset: PasswordReset | null = null;
  /** Sessions that were ended individually, with the expiry of their tokens. */
  private ended = new Map<number, string>();

  constructor(state?: SessionState) {
    if (!state) return;
    this.passwordId = state.passwordId;
    this.generation = state.generation;
    this.reset = state.reset;
    this.ended = new Map(state.ended.map(({ session, expiresAt }) => [session, expiresAt]));
  }

  get state(): SessionState {
    return plain(this.passwordId, this.generation, this.reset, this.ended);
  }

  hasEnded(session: number): boolean {
    return this.ended.has(session);
  }

  /** Whether one more that ends by itself would be too many to remember. */
  isFull(now: Date): boolean {
    const at = now.toISOString();
    return [...this.ended.values()].filter((until) => until >= at).length >= REMEMBERED;
  }

  allowsReset(resetId: string, now: Date): boolean {
    return this.reset?.resetId === resetId && now.toISOString() < this.reset.expiresAt;
  }

  awaitReset({ resetId, expiresAt }: PasswordReset): void {
    this.reset = { resetId, expiresAt };
  }

  changePassword(passwordId: string): void {
    this.passwordId = passwordId;
    this.reset = null;
    this.endAll();
  }

  endAll(): void {
    this.generation += 1;
    this.ended.clear();
  }

  /** Drops the sessions whose tokens have expired. Times are ISO 8601, UTC. */
  end(session: number, endedAt: string, expiresAt: string): void {
    for (const [each, until] of this.ended) if (until < endedAt) this.ended.delete(each);
    this.ended.set(session, expiresAt);
  }
}

function plain(
  passwordId: string,
  generation: number,
  reset: PasswordReset | null,
  ended: ReadonlyMap<number, string>,
) {
  return {
    passwordId,
    generation,
    reset: reset && { ...reset },
    ended: [...ended].map(([session, expiresAt]) => ({ session, expiresAt })),
  };
}
