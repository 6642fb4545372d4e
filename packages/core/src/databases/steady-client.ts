import pg from 'pg';

type Connected = (error: Error | null) => void;

/**
 * A connection of a pool that may break at any moment. The server may end one so soon that nobody listens to it yet, and
 * pg reports a broken one more than once; an error that nobody hears ends the process. Whoever uses the connection is
 * told by the statement that fails.
 */
class SteadyClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

/**
 * The class of connections that have a setting of the kernel before anybody uses them. It is set by a statement and not when the
 * connection is asked for: then it counts whatever `?options=` or another parameter of the URL says.
 * @param setting such as `default_transaction_read_only = on`
 */
export function steadyClientWith(setting: string): typeof pg.Client {
  return class extends SteadyClient {
    override connect(): Promise<pg.Client>;
    override connect(callback: Connected): void;
    override connect(callback?: Connected): Promise<pg.Client> | void {
      if (!callback) {
        return new Promise((resolve, reject) => {
          this.connect((error) => (error ? reject(error) : resolve(this)));
        });
      }
      super.connect((error: Error | null) => {
        if (error) callback(error);
        else this.query(`set ${setting}`, (refused: Error | null) => this.ready(refused, callback));
      });
    }

    /** A pool that is told of an error gives the connection up, and does not close it. */
    private ready(refused: Error | null, callback: Connected): void {
      if (refused) this.end(() => callback(refused));
      else callback(null);
    }
  };
}
