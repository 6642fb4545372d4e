import type { EventItem } from '../../packages/http/src/history/event-item.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { OPERATOR, TestApp } from '../support/test-app.js';
import { interruptLeftovers, run, type RunningCommand, start } from './leftfold.js';

const PEOPLE = 9;

describe('log tail beside a running app', () => {
  let app: TestApp;
  let events: EventItem[];

  beforeAll(async () => {
    app = await TestApp.start('sqlite');
    for (let number = 0; number < PEOPLE; number++) await app.customer();
    await app.operator();
    events = await app.eventsAfter(0);
  });

  afterEach(interruptLeftovers);
  afterAll(() => app.close());

  /** The events as `--json` shows them, one a line. */
  async function tail(options = ''): Promise<EventItem[]> {
    const { code, stdout, stderr } = await run(app.database, `log tail --json ${options}`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return itemsIn(stdout);
  }

  it('shows the last twenty, oldest first, as the events of GET /events', async () => {
    expect(events.length).toBeGreaterThan(20);
    expect(await tail()).toEqual(events.slice(-20));
    expect(await tail('-n 3')).toEqual(events.slice(-3));
  });

  it('shows programs all that is stored of an event', async () => {
    const { stdout, opened } = await start(app.database, 'log tail --json --after 0 --limit 1').whole();

    const [first] = events;
    const { actor, correlationId } = first!;
    expect(itemsIn(stdout)).toEqual([first]);
    expect(JSON.parse(stdout)).toMatchObject({
      eventId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      schemaVersion: 2,
      metadata: { actor, correlationId },
    });
    expect(opened).toBe(`Opened ${app.database.url}\n`);
  });

  it('shows the events after a position, in order', async () => {
    expect(await tail('--after 2')).toEqual(events.slice(2));
    expect(await tail('--after 2 --limit 3')).toEqual(events.slice(2, 5));
    expect(await tail(`--after ${events.length}`)).toEqual([]);
  });

  it.each<[string, () => string, (event: EventItem) => boolean]>([
    [
      'type, actor and time',
      () => `--type users.user-registered --actor anonymous --to ${events[8]!.recordedAt}`,
      ({ type, actor, recordedAt }) =>
        type === 'users.user-registered' && actor === 'anonymous' && recordedAt <= events[8]!.recordedAt,
    ],
    ['time alone', () => `--from ${events[8]!.recordedAt}`, ({ recordedAt }) => recordedAt >= events[8]!.recordedAt],
    ['correlation id', () => `--correlation-id ${events[7]!.correlationId}`, ({ position }) => position === 8],
    ['category', () => '--category order', () => false],
  ])('looks by %s', async (_name, options, fits) => {
    expect(await tail(`--after 0 ${options()}`)).toEqual(events.filter(fits));
  });

  it('shows people position, time, stream, version, type, actor and data, in columns', async () => {
    const { code, stdout } = await run(app.database, 'log tail -n 15');

    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => line.trimStart().split(/ {2,}/))).toEqual(
      events
        .slice(-15)
        .map(({ position, recordedAt, stream, version, type, actor, data }) => [
          String(position),
          recordedAt,
          stream,
          String(version),
          type,
          actor,
          JSON.stringify(data),
        ]),
    );
    expect(new Set(lines.map((line) => line.indexOf('{'))).size).toBe(1);
  });

  it('follows the log until Ctrl-C, without a gap or a duplicate', async () => {
    const following = start(app.database, 'log tail --follow --json -n 2');
    await showing(following, 2);

    const newcomer = await app.customer();
    await showing(following, 4);
    const { code, stderr } = await following.interrupt();

    expect({ code, stderr }).toEqual({ code: 130, stderr: '' });
    const shown = itemsIn(following.stdout);
    expect(shown).toEqual((await app.eventsAfter(0)).slice(-shown.length));
    expect(shown.slice(-2).map(({ stream }) => stream)).toEqual(Array(2).fill(`user-${newcomer.userId}`));
  });

  it('follows from a position with a filter, and ends cleanly on SIGTERM', async () => {
    const following = start(app.database, 'log tail -f --after 0 --actor system --json');
    await showing(following, 1);

    expect(await following.interrupt('SIGTERM')).toMatchObject({ code: 143 });

    expect(itemsIn(following.stdout)).toEqual(events.filter(({ actor }) => actor === 'system'));
    expect(following.stdout).toContain(OPERATOR.email);
  });

  it('follows no further than the limit', async () => {
    expect(await tail('--follow --after 1 --limit 4')).toEqual(events.slice(1, 5));
  });

  async function showing(following: RunningCommand, count: number): Promise<void> {
    await eventually(() => expect(itemsIn(following.stdout).length).toBeGreaterThanOrEqual(count));
  }
});

/** Only complete lines: the last one may be partly written. */
function itemsIn(stdout: string): EventItem[] {
  const lines = stdout.slice(0, stdout.lastIndexOf('\n') + 1).split('\n');
  return lines.filter((line) => line !== '').map((line) => itemIn(JSON.parse(line) as WholeEvent));
}

interface WholeEvent extends EventItem {
  readonly eventId: string;
  readonly schemaVersion: number;
  readonly metadata: object;
}

/** As GET /events shows it. */
function itemIn({
  eventId: _eventId,
  schemaVersion: _schemaVersion,
  metadata: _metadata,
  ...item
}: WholeEvent): EventItem {
  return item;
}
