import type { StreamItem, StreamPageAnswer } from '../../packages/operations/src/audit/stream-page.answer.js';
import { expectProblem } from '../support/expectations.js';
import { useApp } from '../support/use-app.js';
import { appendSamples } from './samples.js';

describe('GET /streams', () => {
  const here = useApp('sqlite');
  const names = ['Sample-1', 'sample-1', 'sample-10', 'sample-2', 'sample_2-é?&', 'samples-1'];

  beforeAll(async () => {
    for (const stream of names.toReversed()) await appendSamples(here.app, stream, [{}, {}]);
  });

  const page = async (query: Record<string, string | number> = {}): Promise<StreamPageAnswer> => {
    const parameters = new URLSearchParams(
      Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
    );
    const { status, body } = await here.operator.get(`/streams?${parameters.toString()}`);
    expect({ status, query }).toEqual({ status: 200, query });
    return body as StreamPageAnswer;
  };
  const namesOf = ({ items }: StreamPageAnswer): string[] => items.map(({ stream }) => stream);

  it('lists each stream with version, position and times, as its events have them', async () => {
    const path = `user-${here.ann.userId}`;
    const { items, nextCursor } = await page({ prefix: path });
    const { items: events } = (await here.operator.get(`/streams/${path}`)).body as {
      items: { version: number; position: number; recordedAt: string }[];
    };

    const [first, last] = [events[0]!, events.at(-1)!];
    expect(nextCursor).toBeNull();
    expect(items).toEqual<StreamItem[]>([
      {
        stream: path,
        version: last.version,
        firstRecordedAt: first.recordedAt,
        lastRecordedAt: last.recordedAt,
        position: last.position,
      },
    ]);
  });

  it('lists all, by name, and those of a category or with a prefix', async () => {
    const all = namesOf(await page({ limit: 200 }));

    expect(all).toEqual(all.toSorted());
    expect(all).toEqual(expect.arrayContaining([...names, `user-${here.ann.userId}`]));
    expect(namesOf(await page({ category: 'sample' }))).toEqual(['sample-1', 'sample-10', 'sample-2']);
    expect(namesOf(await page({ prefix: 'sample-1' }))).toEqual(['sample-1', 'sample-10']);
    expect(namesOf(await page({ prefix: 'sample_2-é?&', category: 'sample_2' }))).toEqual(['sample_2-é?&']);
    expect(await page({ prefix: 'sample-1', category: 'user' })).toEqual({ items: [], nextCursor: null });
  });

  it.each([1, 2, 6])('comes in pages of up to %d', async (limit) => {
    const seen: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const answer: StreamPageAnswer = await page({ prefix: 'sample', limit, ...(cursor !== undefined && { cursor }) });
      expect(answer.items.length).toBeGreaterThan(0);
      seen.push(...namesOf(answer));
      cursor = answer.nextCursor;
    }
    expect(seen).toEqual(names.slice(1));
  });

  it.each([
    ['category', 'a-b'],
    ['category', ''],
    ['prefix', ''],
    ['prefix', '%00'],
    ['prefix', 'x'.repeat(256)],
    ['limit', '0'],
    ['limit', '201'],
    ['cursor', 'nonsense'],
    ['cursor', Buffer.from('"no stream"').toString('base64url')],
    ['after', 'sample-1'],
  ])('refuses %s=%s', async (field, value) => {
    const answer = await here.operator.get(`/streams?${field}=${value}`);
    expectProblem(answer, 400, 'validation-failed', { fields: [field] });
  });
});
