import { EventLogUnavailableError, LogFollower } from '@leftfold/core';
import { request } from 'node:http';
import { JwtService } from '@nestjs/jwt';
import type { EventItem } from '../../packages/http/src/history/event-item.js';
import { LivePace } from '../../packages/http/src/live/live-pace.js';
import { LiveStreams } from '../../packages/http/src/live/live-streams.js';
import { capturedLog } from '../support/captured-log.js';
import type { Answer, Headers } from '../support/client.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { expectProblem } from '../support/expectations.js';
import type { Person } from '../support/people.js';
import { TestApp } from '../support/test-app.js';
import { useApp } from '../support/use-app.js';
import { type Listener, LiveReader } from './live-reader.js';
import { appendSamples } from './samples.js';
import { WatchedFollower } from './watched-follower.js';

const SHORT = 50;
/** In ms. */
const BEFORE_A_HEARTBEAT = 10_000;

describe.each(DATABASE_KINDS)('GET /events/live on %s', (kind) => {
  const here = useApp(kind, { LOG_LEVEL: 'info' });
  let readers: LiveReader[];

  beforeEach(() => {
    readers = [];
  });

  afterEach(async () => {
    for (const reader of readers) reader.close();
    Object.assign(here.app.nest.get(LivePace), new LivePace());
    await untilOpen(0);
  });

  async function open(query?: string, headers?: Headers, listener: Listener = here.operator): Promise<LiveReader> {
    const reader = await LiveReader.open(here.app, listener, query, headers);
    readers.push(reader);
    return reader;
  }

  const untilOpen = (count: number): Promise<void> =>
    eventually(() => expect(here.app.nest.get(LiveStreams).count).toBe(count));
  const revokeRole = ({ userId }: Person): Promise<Answer> => here.operator.delete(`/users/${userId}/roles/operator`);
  const endSession = (person: Person): Promise<Answer> => person.delete('/sessions/current');
  const beat = (heartbeat: number): unknown => Object.assign(here.app.nest.get(LivePace), { heartbeat });

  it('begins at the end of the log, and sends that position first', async () => {
    const head = await here.app.head();
    const reader = await open();

    await reader.until(({ blocks }) => expect(blocks).toEqual(['retry: 1000', `id: ${head}`]));
    const position = await appendSamples(here.app, 'sample-1', [{}]);
    await reader.until(({ blocks }) => expect(blocks).toHaveLength(3));

    const [item] = ((await here.operator.get(`/events?after=${head}`)).body as { items: EventItem[] }).items;
    expect(reader.blocks[2]).toBe(`id: ${position}\ndata: ${JSON.stringify(item)}`);
  });

  it('sends old and new events that match the filter', async () => {
    const head = await here.app.head();
    const samples = [
      { type: 'samples.rare', actor: 'ann', correlationId: 'request-1' },
      { type: 'samples.rare', actor: 'bob', correlationId: 'request-1' },
      { type: 'samples.other', actor: 'ann', correlationId: 'request-2' },
    ];
    const appendAll = async () => {
      await appendSamples(here.app, 'filtered-1', samples);
      await appendSamples(here.app, 'else-1', samples);
    };
    await appendAll();
    const readers = await Promise.all(
      ['type=samples.rare', 'actor=ann', 'correlationId=request-2', 'category=else', 'type=samples.rare&actor=bob']
        .map((filter) => `?after=${head}&${filter}`)
        .concat(`?after=${head}&category=filtered&actor=ann&correlationId=request-1&from=2020-01-01T00:00:00Z`)
        .map((query) => open(query)),
    );
    const never = await open(`?after=${head}&to=2020-01-01T00:00:00Z`);
    await appendAll();

    const expected = [
      [1, 2, 4, 5, 7, 8, 10, 11],
      [1, 3, 4, 6, 7, 9, 10, 12],
      [3, 6, 9, 12],
      [4, 5, 6, 10, 11, 12],
      [2, 5, 8, 11],
      [1, 7],
    ];
    for (const [index, reader] of readers.entries()) {
      await reader.until(({ ids }) => expect(ids.map((id) => id - head)).toEqual(expected[index]));
    }
    expect(never.ids).toEqual([]);
  });

  it('ends when the application stops', async () => {
    const closing = await TestApp.start(kind);
    const reader = await LiveReader.open(closing, await closing.operator());

    await closing.close();

    await reader.untilEnded();
    expect(closing.nest.get(LiveStreams).count).toBe(0);
  });

  // The rest is the same on every database.
  if (kind !== 'sqlite') return;

  it('answers at once, with the headers of an uncacheable stream', async () => {
    const { response } = await open('', { 'x-correlation-id': 'ticket-1' });

    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'x-correlation-id': 'ticket-1',
    });
  });

  it('begins after the requested position; Last-Event-ID takes precedence', async () => {
    const head = await appendSamples(here.app, 'sample-1', [{}, {}, {}]);
    const cases: [string, Record<string, string>, number][] = [
      ['?after=0', {}, 0],
      [`?after=${head - 2}`, {}, head - 2],
      ['?after=0', { 'last-event-id': String(head - 1) }, head - 1],
      ['', { 'last-event-id': '0' }, 0],
    ];
    for (const [query, headers, after] of cases) {
      const reader = await open(query, headers);
      const expected = Array.from({ length: head - after }, (_, index) => after + 1 + index);
      await reader.until(({ ids }) => expect(ids).toEqual(expected));
      expect(reader.blocks).toHaveLength(1 + expected.length);
    }
    const atTheEnd = await open(`?after=${head}`);
    await atTheEnd.until(({ blocks }) => expect(blocks).toEqual(['retry: 1000']));
  });

  it('sends comments while there are no events', async () => {
    beat(SHORT);
    const reader = await open(`?after=${await here.app.head()}`);

    await reader.until(({ blocks }) => expect(blocks.length).toBeGreaterThan(4));
    expect(new Set(reader.blocks)).toEqual(new Set(['retry: 1000', ':']));
  });

  it.each([
    ['Last-Event-ID', '', 'first'],
    ['Last-Event-ID', '?after=0', '-1'],
    ['Last-Event-ID', '?after=0', '1.5'],
    ['Last-Event-ID', '?after=0', ''],
    ['Last-Event-ID', '?after=0', '9007199254740993'],
    ['Last-Event-ID', '?after=0', '900719925474099'],
    ['after', '?after=900719925474099', undefined],
    ['after', '?after=x', undefined],
    ['after', '?after=', undefined],
    ['after', '?after=1&after=1', undefined],
    ['limit', '?limit=10', undefined],
    ['type', '?type=', undefined],
    ['from', '?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z', undefined],
  ])('refuses a bad %s: %s %s', async (field, query, lastEventId) => {
    const answer = await here.operator.get(
      `/events/live${query}`,
      lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
    );

    expectProblem(answer, 400, 'validation-failed', { instance: '/events/live', fields: [field] });
  });

  it('accepts the end of the log as a position, and nothing beyond it', async () => {
    const head = await here.app.head();
    const answer = await here.operator.get('/events/live', { 'last-event-id': String(head + 1) });

    expectProblem(answer, 400, 'validation-failed', { fields: ['Last-Event-ID'] });
    expect((await open('', { 'last-event-id': String(head) })).response.status).toBe(200);
  });

  it('refuses an invalid token', async () => {
    expectProblem(await here.app.client('a.b.c').get('/events/live'), 401, 'token-invalid');
    expect(here.app.nest.get(LiveStreams).count).toBe(0);
  });

  it.each([
    ['the role is revoked while nothing happens', revokeRole, false],
    ['the role is revoked while events flow', revokeRole, true],
    ['the session ends', endSession, false],
  ])('ends within seconds when %s', async (_, end, doEventsFlow) => {
    const second = await here.app.newOperator();
    const reader = await open('?category=flow', {}, second);
    const other = await open('?category=flow');
    await untilOpen(2);

    expect((await end(second)).status).toBeLessThan(300);
    await eventually(async () => {
      if (doEventsFlow) await appendSamples(here.app, 'flow-1', [{}]);
      expect(reader.ended).toBe(true);
    }, BEFORE_A_HEARTBEAT);

    expect(other.ended).toBe(false);
    await untilOpen(1);
    expectProblem(await second.get('/events/live'), 401, 'token-invalid');
  });

  it('ends when the access token expires', async () => {
    const jwt = here.app.nest.get(JwtService, { strict: false });
    const { sub, generation, version } = jwt.decode<Record<string, unknown>>(here.operator.token);
    const token = jwt.sign({ sub, generation, version, exp: Math.floor(Date.now() / 1_000) + 3 });
    const reader = await open('', {}, { token });

    await reader.untilEnded();

    expectProblem(await here.app.client(token).get('/events/live'), 401, 'token-invalid');
  });

  it('is released when its client disconnects', async () => {
    const follower = new WatchedFollower(here.app);
    const [one, other] = [await open('?after=0'), await open()];
    await untilOpen(2);
    await eventually(() => expect(follower.active).toBe(2));

    one.close();
    await untilOpen(1);
    expect(follower.active).toBe(1);
    other.close();
    await untilOpen(0);
    expect(follower.active).toBe(0);
  });

  it('leaves nothing open after a HEAD', async () => {
    const url = `${await here.app.nest.getUrl()}/events/live`;
    const { status, text } = await new Promise<{ status?: number; text: string }>((resolve, reject) => {
      const asking = request(url, { method: 'HEAD', headers: { authorization: `Bearer ${here.operator.token}` } });
      asking.on('error', reject).on('response', (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode, text }));
      });
      asking.end();
    });

    expect(status).toBe(200);
    expect(text).toBe('');
    await untilOpen(0);
  });

  it('ends when the log can’t be read, and logs the reason', async () => {
    const follower = here.app.nest.get(LogFollower);
    const follow = follower.follow.bind(follower);
    follower.follow = async function* (options) {
      for await (const slice of follow(options)) {
        yield slice;
        throw new EventLogUnavailableError();
      }
    };
    const before = await here.app.head();
    const reader = await open(`?after=${before - 1}`);
    await reader.untilEnded();
    follower.follow = follow;

    expect(reader.ids).toEqual([before]);
    expect(capturedLog.lines).toContainEqual(
      expect.objectContaining({ level: 40, context: 'Live', msg: expect.stringContaining('does not answer') }),
    );
    const again = await open('', { 'last-event-id': String(before) });
    const next = await appendSamples(here.app, 'sample-1', [{}]);
    await again.until(({ ids }) => expect(ids).toEqual([next]));
  });
});
