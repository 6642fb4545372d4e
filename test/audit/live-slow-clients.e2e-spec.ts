import { connect, type Socket } from 'node:net';
import { LivePace } from '../../packages/http/src/live/live-pace.js';
import { LiveStreams } from '../../packages/http/src/live/live-streams.js';
import { capturedLog } from '../support/captured-log.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import type { Person } from '../support/people.js';
import { TestApp } from '../support/test-app.js';
import { LiveReader } from './live-reader.js';
import { appendSamples } from './samples.js';
import { WatchedFollower } from './watched-follower.js';

const BIG = 100_000;
const APPENDS = 28;
const IN_ONE_APPEND = 10;
/** A batch of 50, twice as many that the buffers of the socket hold, and a batch that is read ahead. */
const MOST_READ = 200;

describe('clients of /events/live that do not read', () => {
  let app: TestApp;
  let operator: Person;
  let begin: number;
  let sockets: Socket[];
  let readers: LiveReader[];

  beforeAll(async () => {
    app = await TestApp.start('sqlite', { LOG_LEVEL: 'info' });
    operator = await app.operator();
    begin = await app.head();
    for (let count = 0; count < APPENDS; count++) {
      const samples = Array.from({ length: IN_ONE_APPEND }, () => ({ size: BIG }));
      await appendSamples(app, `big-${count}`, samples);
    }
  });

  beforeEach(() => {
    sockets = [];
    readers = [];
  });

  afterEach(async () => {
    for (const reader of readers) reader.close();
    Object.assign(app.nest.get(LivePace), new LivePace());
    for (const socket of sockets) socket.destroy();
    await untilOpen(0);
  });

  afterAll(() => app.close());

  const untilOpen = (count: number) => eventually(() => expect(app.nest.get(LiveStreams).count).toBe(count));

  async function open(query: string): Promise<LiveReader> {
    const reader = await LiveReader.open(app, operator, query);
    readers.push(reader);
    return reader;
  }

  /** Requests all big events, and reads none of the answer. */
  function askAndSleep(of = app): Socket {
    const { port } = of.nest.getHttpServer().address() as { port: number };
    const socket = connect(port, '127.0.0.1').pause();
    socket.on('error', () => undefined);
    sockets.push(socket);
    socket.write(
      `GET /events/live?after=${begin}&category=big HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${operator.token}\r\n\r\n`,
    );
    return socket;
  }

  it('cost no more than a batch and the buffers of the socket, while other clients get their events', async () => {
    const follower = new WatchedFollower(app);
    askAndSleep();
    await eventually(() => expect(follower.readUpTo).toHaveLength(1));
    const reader = await open('?category=news');
    const whole = await open(`?after=${begin}&category=big`);

    const news = await appendSamples(app, 'news-1', [{}]);
    await reader.until(({ ids }) => expect(ids).toEqual([news]));
    await whole.until(({ ids }) => expect(ids).toHaveLength(APPENDS * IN_ONE_APPEND));

    // The reading client reached the end, so the server had time to read ahead for the other one.
    expect(follower.readUpTo[0]! - begin).toBeGreaterThan(0);
    expect(follower.readUpTo[0]! - begin).toBeLessThanOrEqual(MOST_READ);
    expect(follower.active).toBe(3);
  });

  it('are dropped when they have read nothing for too long', async () => {
    Object.assign(app.nest.get(LivePace), { stallLimit: 200 });
    const idle = await open('?category=news');
    const told = capturedLog.lines.length;
    const socket = askAndSleep();

    await eventually(() =>
      expect(capturedLog.lines.slice(told)).toContainEqual(
        expect.objectContaining({
          level: 30,
          context: 'Live',
          msg: `${operator.userId} reads no events: the connection is dropped.`,
        }),
      ),
    );
    await untilOpen(1);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.resume();
    await closed;
    expect(idle.ended).toBe(false);
  });

  it('do not delay the end of the application', async () => {
    const other = await TestApp.start(app.database);
    const follower = new WatchedFollower(other);
    askAndSleep(other);
    await eventually(() => expect(follower.readUpTo[0]).toBeGreaterThan(begin));

    await other.close();

    await eventually(() => expect([other.nest.get(LiveStreams).count, follower.active]).toEqual([0, 0]));
  });
});
