import type pg from 'pg';

/** The timeline of the server, which changes with a promotion; null on a standby. */
const TIMELINE = `select case when pg_is_in_recovery() then null
                              else left(pg_walfile_name(pg_current_wal_lsn()), 8) end as timeline`;

/**
 * Another server has taken over the database while this process was running. It may lack what this process has seen.
 */
export class FailedOverError extends Error {
  /** As for a broken connection: what failed by it may be tried again, by another process. */
  readonly code = 'EFAILEDOVER';

  constructor(name: 'events' | 'views') {
    super(
      `Another server of PostgreSQL has taken over the database of the ${name === 'events' ? 'event log' : 'read models'}. It may lack ` +
        'the last events that this process has seen, so this process uses it no more. Restart the process: it then checks ' +
        'read models and subscriptions against the log.',
    );
    this.name = 'FailedOverError';
  }
}

/** A standby answers where the primary should. It may be promoted later, with this connection open, so none is kept. */
class StandbyError extends Error {
  readonly code = 'ESTANDBY';

  constructor() {
    super('The server is a standby, which follows another one. Give the URL of the primary.');
    this.name = 'StandbyError';
  }
}

/** Such as "no such function" and "may not run it". */
const NOT_TOLD = /^(42|0A)/;

/**
 * Refuses connections to a server that was promoted after the first connection of this process. What the process keeps in
 * memory, such as positions and hot aggregates, may include events that the new server has lost.
 */
export class Timeline {
  private known: string | undefined;
  private fail!: (error: FailedOverError) => void;
  /** Settles when another server has taken over; never before. */
  readonly failedOver = new Promise<FailedOverError>((resolve) => (this.fail = resolve));

  constructor(private readonly name: 'events' | 'views') {}

  /** @throws FailedOverError; StandbyError, after which another try may reach the primary */
  async check(client: Pick<pg.Client, 'query'>): Promise<void> {
    const timeline = await timelineOf(client);
    if (timeline === undefined) return;
    this.known ??= timeline;
    if (this.known === timeline) return;
    const error = new FailedOverError(this.name);
    this.fail(error);
    throw error;
  }
}

async function timelineOf(client: Pick<pg.Client, 'query'>): Promise<string | undefined> {
  try {
    const { rows } = await client.query<{ timeline: string | null }>(TIMELINE);
    if (rows[0]!.timeline === null) throw new StandbyError();
    return rows[0]!.timeline;
  } catch (error) {
    // Some servers hide it; there it can't be checked.
    if (NOT_TOLD.test(String((error as { code?: unknown }).code))) return undefined;
    throw error;
  }
}
