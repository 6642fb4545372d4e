import type { EventItem } from '../../packages/http/src/history/event-item.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { someNames } from '../support/people.js';
import { useApp } from '../support/use-app.js';
import { inPages, type Page, pageOf } from './pages.js';
import { appendSamples } from './samples.js';

type Filter = Partial<Record<'type' | 'category' | 'actor' | 'correlationId' | 'from' | 'to', string>>;

/** One in this many samples is rare. */
const RARITY = 150;
const ROUNDS = 6;
const STRANGE = 'saga:a&b=c +%/ä€😀';
const NONE: Page = { items: [], nextCursor: null };

describe('the filters of GET /events', () => {
  const here = useApp('sqlite');
  let all: EventItem[];

  beforeAll(async () => {
    await here.ann.put(
      `${here.ann.path}/email`,
      { email: someNames().email, currentPassword: here.ann.password },
      { 'x-correlation-id': 'ticket-1' },
    );
    for (let round = 0; round < ROUNDS; round++) await appendRound(round);
    all = await found({}, 200);
  });

  async function appendRound(round: number): Promise<void> {
    const samples = Array.from({ length: RARITY }, (_, index) => ({
      type: index === 77 ? 'samples.rare' : `samples.type-${index % 3}`,
      actor: index % 2 === 0 ? STRANGE : 'anonymous',
      correlationId: index % 10 < 5 ? 'request-1' : `request-${index}`,
    }));
    await appendSamples(here.app, `${round % 2 === 0 ? 'even' : 'odd'}-${round}`, samples);
    // Separates two rounds by a millisecond in which nothing is recorded.
    const now = Date.now();
    await eventually(() => expect(Date.now()).toBeGreaterThan(now + 1));
  }

  const found = (filter: Filter, limit: number): Promise<EventItem[]> =>
    inPages(here.operator, '/events', 'position', limit, filter);

  /** Filters the whole log here, for comparison. Times compare as texts, because all are in UTC and of one length. */
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

  /** The time of an event in the middle. */
  const middle = (): string => all[Math.floor(all.length / 2)]!.recordedAt;
  const later = (): string => all[Math.floor(all.length * 0.8)]!.recordedAt;

  it.each<[string, () => Filter]>([
    ['type', () => ({ type: 'samples.rare' })],
    ['a type of a feature', () => ({ type: 'users.email-changed' })],
    ['category', () => ({ category: 'odd' })],
    ['actor', () => ({ actor: here.ann.userId })],
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
  ])('%s: every event that matches, and no other', async (_name, filter) => {
    const expected = meant(filter());

    expect(expected.length).toBeGreaterThan(0);
    expect(expected.length).toBeLessThan(all.length);
    expect(await found(filter(), 200)).toEqual(expected);
  });

  it.each([1, 2, 3, ROUNDS])('pages of %d are full although few events match the filter', async (limit) => {
    const filter = { type: 'samples.rare', actor: 'anonymous' };

    expect(meant(filter)).toHaveLength(ROUNDS);
    expect(await found(filter, limit)).toEqual(meant(filter));
  });

  it('accepts times in any zone, and times between which nothing was recorded', async () => {
    const time = new Date(middle());
    const inTokyo = new Date(time.getTime() + 9 * 3_600_000).toISOString().replace('Z', '+09:00');
    const justBefore = new Date(time.getTime() - 1).toISOString();

    expect(await found({ from: inTokyo, to: inTokyo }, 200)).toEqual(meant({ from: middle(), to: middle() }));
    expect(meant({ from: justBefore, to: justBefore })).toEqual([]);
    const empty: Filter[] = [
      { from: middle(), to: middle(), category: 'nowhere' },
      { from: justBefore, to: justBefore },
      { from: '2999-01-01T00:00Z' },
      { to: '1999-01-01T00:00Z' },
    ];
    for (const filter of empty) expect(await pageOf(here.operator, '/events', filter)).toEqual(NONE);
  });
});
