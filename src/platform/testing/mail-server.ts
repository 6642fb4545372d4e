import { type AddressInfo, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  SMTPServer,
  type SMTPServerDataStream,
  type SMTPServerError,
  type SMTPServerOptions,
  type SMTPServerSession,
} from 'smtp-server';

/**
 * What the server does with a mail. `refuse`: 451, not now. `drop`: disconnects in the middle. `hang`: does not answer
 * before `goOn`. `take and ...`: does that after it has accepted the mail, before it says so.
 */
export type MailBehavior = 'take' | 'refuse' | 'drop' | 'take and drop' | 'hang' | 'take and hang';

export interface AcceptedMail {
  readonly from: string;
  readonly to: string;
  /** Headers and text, as they arrived. */
  readonly source: string;
}

/** An SMTP server on a free port of this machine, which fails on request of a test. */
export class MailServer {
  /** The accepted mails, in the order of arrival. */
  readonly accepted: AcceptedMail[] = [];
  /** The recipient of every mail that was begun, accepted or not. */
  readonly asked: string[] = [];
  /** Recipients of the mails at which the server hangs. */
  readonly unanswered: string[] = [];
  /** Called once for each mail. */
  behaviorFor: (to: string) => MailBehavior = () => 'take';
  /** Number of connections so far. */
  connections = 0;
  private readonly held: (() => void)[] = [];
  private readonly behaviors = new Map<string, MailBehavior>();
  private readonly sockets = new Set<Socket>();
  private readonly server: SMTPServer;

  private constructor(options: SMTPServerOptions) {
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      disableReverseLookup: true,
      logger: false,
      onAuth: ({ username }, _session, done) => done(null, { user: username }),
      onRcptTo: ({ address }, session, done) => done(this.decide(address, session)),
      onData: (stream, session, done) => void this.read(stream, session, done),
      ...options,
    });
    // Some tests are about clients that disconnect.
    this.server.on('error', () => undefined);
    this.server.server.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  static async start(options: SMTPServerOptions = {}): Promise<MailServer> {
    const it = new MailServer(options);
    await new Promise<void>((resolve) => void it.server.listen(0, '127.0.0.1', resolve));
    return it;
  }

  get port(): number {
    return (this.server.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  /** Number of open connections. */
  get connected(): number {
    return this.sockets.size;
  }

  takenFor(recipient: string): AcceptedMail[] {
    return this.accepted.filter(({ to }) => to === recipient);
  }

  /** Accepts the mails at which the server hangs. */
  goOn(): void {
    for (const act of this.held.splice(0)) act();
  }

  async close(): Promise<void> {
    if (!this.server.server.listening) return;
    const closed = new Promise<void>((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private decide(to: string, { id }: SMTPServerSession): SMTPServerError | null {
    const fate = this.behaviorFor(to);
    this.asked.push(to);
    this.behaviors.set(id, fate);
    return fate === 'refuse' ? Object.assign(new Error(`Not now, ${to}`), { responseCode: 451 }) : null;
  }

  private async read(stream: SMTPServerDataStream, session: SMTPServerSession, done: () => void): Promise<void> {
    const fate = this.behaviors.get(session.id);
    if (fate === 'drop') return this.breakOff(session);
    const source = await text(stream);
    const { mailFrom, rcptTo } = session.envelope;
    const to = rcptTo.map(({ address }) => address).join(', ');
    const take = (): void => void this.accepted.push({ from: mailFrom ? mailFrom.address : '', to, source });
    if (fate === 'hang') this.held.push(take, done);
    else take();
    if (fate === 'hang' || fate === 'take and hang') this.unanswered.push(to);
    else if (fate === 'take and drop') this.breakOff(session);
    else done();
  }

  private breakOff({ remotePort }: SMTPServerSession): void {
    for (const socket of this.sockets) if (socket.remotePort === remotePort) socket.destroy();
  }
}

/** A server that accepts connections and never sends a byte. */
export async function startSilentServer(
  connected: (socket: Socket) => void,
): Promise<{ url: string; close: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    connected(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A header of a mail, in one line. */
export function headerOf(source: string, name: string): string | undefined {
  const [head] = source.split('\r\n\r\n', 1);
  const unfolded = head!.replace(/\r\n[ \t]/g, ' ').split('\r\n');
  const prefix = `${name.toLowerCase()}: `;
  return unfolded.find((line) => line.toLowerCase().startsWith(prefix))?.slice(prefix.length);
}

/** The text of a mail that needed no encoding. */
export function textOf(source: string): string {
  return source.slice(source.indexOf('\r\n\r\n') + 4);
}
