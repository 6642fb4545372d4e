import { EventSource } from 'eventsource';
import { seededRandom } from '../../packages/core/src/testing/random.js';
import type { EventItem } from '../../packages/http/src/history/event-item.js';
import { LivePace } from '../../packages/http/src/live/live-pace.js';
import { LiveStreams } from '../../packages/http/src/live/live-streams.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import type { Person } from '../support/people.js';
import { TestApp } from '../support/test-app.js';
import { type BreakingProxy, startBreakingProxy } from './breaking-proxy.js';
import { appendSamples } from './samples.js';

const EVENTS = 1_000;
const ROUND = 100;
/** In bytes. An event is some 350 on the wire, so each client loses its connection some forty times, never as seldom as `BREAKS`. */
const LONGEST_CONNECTION = 20_000;
const BREAKS = 20;
const SEED = 20_260_131;

/** A client that follows the log with an `EventSource`, through a proxy that cuts it off again and again. */
class Follower {
  readonly received: EventItem[] = [];
  readonly ids: number[] = [];
  failed: unknown;

  constructor(
    readonly proxy: BreakingProxy,
    private readonly source: EventSource,
  ) {
    source.addEventListener('message', ({ data, lastEventId }) => {
      this.received.push(JSON.parse(data as string) as EventItem);
      this.ids.push(Number(lastEventId));
    });
    // With a status code, the server has refused: the client does not retry.
    source.addEventListener('error', ({ code, message }) => {
      if (code !== undefined) this.failed = `${code} ${message}`;
    });
  }

  async close(): Promise<void> {
    this.source.close();
    await this.proxy.close();
  }
}

describe('an EventSource', () => {
  let app: TestApp;
  let operator: Person;
  const followers: Follower[] = [];
  const random = seededRandom(SEED);

  beforeAll(async () => {
    app = await TestApp.start('sqlite');
    operator = await app.operator();
    Object.assign(app.nest.get(LivePace), { retry: 10 });
  });

  afterAll(async () => {
    await Promise.all(followers.map((follower) => follower.close()));
    await app.close();
  });

  async function follow(query: string, share: number, firstId?: number): Promise<Follower> {
    const longest = Math.ceil(LONGEST_CONNECTION * share);
    const proxy = await startBreakingProxy(await app.nest.getUrl(), () => Math.ceil(random() * longest));
    const source = new EventSource(`${proxy.url}/events/live${query}`, {
      fetch: (url, { headers, ...init }) =>
        fetch(url, {
          ...init,
          headers: {
            ...(firstId === undefined ? {} : { 'Last-Event-ID': String(firstId) }),
            ...headers,
            Authorization: `Bearer ${operator.token}`,
          },
        }),
    });
    const follower = new Follower(proxy, source);
    followers.push(follower);
    return follower;
  }

  async function appendAll(): Promise<void> {
    for (let appended = 0; appended < EVENTS; appended += ROUND) {
      const samples = Array.from({ length: ROUND }, (_, index) => ({
        type: index % 5 === 0 ? 'samples.fifth' : 'samples.sample-taken',
        size: Math.floor(random() * 200),
      }));
      await appendSamples(app, `sample-${appended / ROUND}`, samples);
    }
  }

  it(`gets each of ${EVENTS} events once and in order, despite repeated disconnects`, async () => {
    const begin = await app.head();
    const everything = await follow(`?after=${begin}`, 1);
    const twin = await follow(`?after=${begin}`, 1);
    const filtered = await follow(`?after=${begin}&type=samples.fifth&category=sample`, 0.2);

    await appendAll();
    const middle = begin + EVENTS / 2;
    const fromTheMiddle = await follow('?after=0', 0.5, middle);

    const positions = Array.from({ length: EVENTS }, (_, index) => begin + 1 + index);
    const fifths = positions.filter((_, index) => index % 5 === 0);
    for (const [follower, expected] of [
      [everything, positions],
      [twin, positions],
      [filtered, fifths],
      [fromTheMiddle, positions.slice(EVENTS / 2)],
    ] as const) {
      await eventually(() => {
        expect(follower.failed).toBeUndefined();
        expect(follower.ids.length).toBeGreaterThanOrEqual(expected.length);
      }, 60_000);
      expect(follower.ids).toEqual(expected);
      expect(follower.received.map(({ position }) => position)).toEqual(expected);
      expect(follower.proxy.breaks).toBeGreaterThanOrEqual(BREAKS);
    }
    expect(filtered.received.every(({ type }) => type === 'samples.fifth')).toBe(true);

    await Promise.all(followers.map((follower) => follower.close()));
    await eventually(() => expect(app.nest.get(LiveStreams).count).toBe(0));
  });
});
