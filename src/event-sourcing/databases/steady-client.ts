import pg from 'pg';

/**
 * A connection of a pool that may break at any moment. The server may end one so soon that nobody listens to it yet, and
 * pg reports a broken one more than once; an error that nobody hears ends the process. Whoever uses the connection is
 * told by the statement that fails.
 */
export class SteadyClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}
