import type { EventItem } from '../../src/platform/history/event-item.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { expectProblem } from '../support/expectations.js';
import { type Person, someNames } from '../support/people.js';
import { TestApp } from '../support/test-app.js';
import { appendSamples } from './samples.js';

interface Page {
  readonly items: EventItem[];
  readonly nextCursor: number | null;
}

type Filter = Partial<Record<'type' | 'category' | 'actor' | 'correlationId' | 'from' | 'to', string>>;

/** One in so many of the samples is rare. */
const RARITY = 150;
const ROUNDS = 6;
const STRANGE = 'saga:a&b=c +%/ä€😀';

describe.each(DATABASE_KINDS)('the filters of GET /events on %s', (kind) => {
  let app: TestApp;
  let operator: Person;
  let ann: Person;
  let all: EventItem[];

  beforeAll(async () => {
    app = await TestApp.start(kind);
    operator = await app.operator();
    ann = await app.customer();
    await ann.put(`${ann.path}/email`, { email: someNames().email }, { 'x-correlation-id': 'ticket-1' });
    for (let round = 0; round < ROUNDS; round++) await appendRound(round);
    all = await pagesOf({}, 200);
  });

  afterAll(() => app.close());

  async function appendRound(round: number): Promise<void> {
    const samples = Array.from({ length: RARITY }, (_, index) => ({
      type: index === 77 ? 'samples.rare' : `samples.type-${index % 3}`,
      actor: index % 2 === 0 ? STRANGE : 'anonymous',
      correlationId: index % 10 < 5 ? 'request-1' : `request-${index}`,
    }));
    await appendSamples(app, `${round % 2 === 0 ? 'even' : 'odd'}-${round}`, samples);
    const now = Date.now();
    await eventually(() => expect(Date.now()).toBeGreaterThan(now + 1));
  }

  const pageOf = async (query: Record<string, string>): Promise<Page> => {
    const answer = await operator.get(`/events?${new URLSearchParams(query).toString()}`);
    expect({ status: answer.status, query }).toEqual({ status: 200, query });
    return answer.body as Page;
  };

  async function pagesOf(filter: Filter, limit: number): Promise<EventItem[]> {
    const seen: EventItem[] = [];
    for (let after: number | null = 0; after !== null;) {
      const page: Page = await pageOf({ ...filter, limit: String(limit), after: String(after) });
      if (page.nextCursor !== null) expect(page.items).toHaveLength(limit);
      if (seen.length > 0) expect(page.items).not.toEqual([]);
      if (page.nextCursor !== null) expect(page.nextCursor).toBe(page.items.at(-1)!.position);
      seen.push(...page.items);
      after = page.nextCursor;
    }
    return seen;
  }

  /** What the whole log holds, judged here. Times compare as texts, because all are in UTC and of one length. */
  function meant({ type, category, actor, correlationId, from, to }: Filter): EventItem[] {
    return all.filter(
      (event) =>
        (type === undefined || event.type === type) &&
        (category === undefined || event.stream.startsWith(`${category}-`)) &&
        (actor === undefined || event.actor === actor) &&
        (correlationId === undefined || event.correlationId === correlationId) &&
        (from === undefined || event.recordedAt >= from) &&
        (to === undefined || event.recordedAt <= to),
    );
  }

  /** When an event of the middle was recorded. */
  const middle = (): string => all[Math.floor(all.length / 2)]!.recordedAt;
  const later = (): string => all[Math.floor(all.length * 0.8)]!.recordedAt;

  it.each<[string, () => Filter]>([
    ['type', () => ({ type: 'samples.rare' })],
    ['a type of a feature', () => ({ type: 'users.email-changed' })],
    ['category', () => ({ category: 'odd' })],
    ['actor', () => ({ actor: ann.userId })],
    ['a strange actor', () => ({ actor: STRANGE })],
    ['correlationId', () => ({ correlationId: 'ticket-1' })],
    ['from', () => ({ from: middle() })],
    ['to', () => ({ to: middle() })],
    ['one moment', () => ({ from: middle(), to: middle() })],
    ['from and to', () => ({ from: middle(), to: later() })],
    ['type and category', () => ({ type: 'samples.rare', category: 'even' })],
    ['type and actor', () => ({ type: 'samples.type-1', actor: STRANGE })],
    ['actor and correlationId', () => ({ actor: STRANGE, correlationId: 'request-1' })],
    ['category and from', () => ({ category: 'odd', from: middle() })],
    [
      'everything',
      () => ({
        type: 'samples.type-0',
        category: 'even',
        actor: STRANGE,
        correlationId: 'request-1',
        from: middle(),
        to: later(),
      }),
    ],
  ])('%s: every event that meets it, and no other', async (_name, filter) => {
    const expected = meant(filter());

    expect(expected.length).toBeGreaterThan(0);
    expect(expected.length).toBeLessThan(all.length);
    expect(await pagesOf(filter(), 200)).toEqual(expected);
  });

  it.each([1, 2, 3, ROUNDS])('pages of %d are full although few events meet the filter', async (limit) => {
    const filter = { type: 'samples.rare', actor: 'anonymous' };

    expect(meant(filter)).toHaveLength(ROUNDS);
    expect(await pagesOf(filter, limit)).toEqual(meant(filter));
  });

  it('takes times in any zone, and ones between which nothing was recorded', async () => {
    const time = new Date(middle());
    const inTokyo = new Date(time.getTime() + 9 * 3_600_000).toISOString().replace('Z', '+09:00');
    const justBefore = new Date(time.getTime() - 1).toISOString();

    expect((await pageOf({ from: inTokyo, to: inTokyo, limit: '200' })).items).toEqual(
      meant({ from: middle(), to: middle() }).slice(0, 200),
    );
    expect(await pageOf({ from: middle(), to: middle(), category: 'nowhere' })).toEqual({
      items: [],
      nextCursor: null,
    });
    expect(meant({ from: justBefore, to: justBefore })).toEqual([]);
    expect(await pageOf({ from: justBefore, to: justBefore })).toEqual({ items: [], nextCursor: null });
    expect(await pageOf({ from: '2999-01-01T00:00Z' })).toEqual({ items: [], nextCursor: null });
    expect(await pageOf({ to: '1999-01-01T00:00Z' })).toEqual({ items: [], nextCursor: null });
  });

  it.each([
    ['type', `type=${'t'.repeat(200)}`],
    ['category', `category=c${'a'.repeat(252)}`],
    ['actor', `actor=${'%C3%A4'.repeat(255)}`],
    ['correlationId', `correlationId=${'c'.repeat(255)}`],
  ])('takes the longest %s that there can be', async (_field, query) => {
    expect((await operator.get(`/events?${query}`)).body).toEqual({ items: [], nextCursor: null });
  });

  it.each([
    ['type', 'type='],
    ['type', 'type=a%20b'],
    ['type', `type=${'t'.repeat(201)}`],
    ['type', 'type=samples.rare%00'],
    ['type', 'type=samples.%C3%A4'],
    ['type', 'type=samples.rare&type=samples.rare'],
    ['type[]', 'type[]=samples.rare'],
    ['category', 'category='],
    ['category', 'category=user-1'],
    ['category', 'category=User'],
    ['category', `category=${'c'.repeat(254)}`],
    ['category', 'category=odd&category=even'],
    ['actor', 'actor='],
    ['actor', 'actor=a%0Ab'],
    ['actor', 'actor=%00'],
    ['actor', `actor=${'a'.repeat(256)}`],
    ['actor', 'actor=a&actor=b'],
    ['correlationId', 'correlationId='],
    ['correlationId', 'correlationId=%7F'],
    ['correlationId', `correlationId=${'c'.repeat(256)}`],
    ['correlationId', 'correlationId=a&correlationId=a'],
    ['from', 'from='],
    ['from', 'from=yesterday'],
    ['from', 'from=2026-01-31'],
    ['from', 'from=2026-01-31T12:00:00'],
    ['from', 'from=2026-02-30T12:00:00Z'],
    ['from', 'from=2026-01-31T25:00:00Z'],
    ['from', 'from=1769860800000'],
    ['from', 'from=2026-01-31T12:00:00Z&from=2026-01-31T12:00:00Z'],
    ['to', 'to='],
    ['to', 'to=2026-01-31T12:00:00'],
    ['to', 'to=2026-02-30T12:00:00Z&from=2026-01-31T12:00:00Z'],
    ['to', 'to=2026-01-31T12:00:00Z&to=2026-01-31T12:00:00Z'],
    ['from', 'from=2026-01-31T12:00:00.001Z&to=2026-01-31T12:00:00Z'],
    ['from', 'from=2026-01-31T12:00:00Z&to=2026-01-31T12:00:00%2B01:00'],
    ['correlationid', 'correlationid=request-1'],
    ['stream', 'stream=even-0'],
  ])('refuses a bad %s: ?%s', async (field, query) => {
    const answer = await operator.get(`/events?${query}`);

    expectProblem(answer, 400, 'validation-failed', { instance: '/events', fields: [field] });
    const { errors } = answer.body as { errors: { message: string }[] };
    expect(errors[0]!.message).toMatch(/^\S.*\.$/);
  });

  it('names every parameter that is wrong', async () => {
    const answer = await operator.get('/events?type=&category=&actor=&correlationId=&from=&to=&after=&limit=');

    expectProblem(answer, 400, 'validation-failed', {
      fields: ['type', 'category', 'actor', 'correlationId', 'from', 'to', 'after', 'limit'],
    });
  });
});
