import { Databases, EventLog, MessageHandlers, type MessageHandlerStatus } from '@leftfold/core';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { register } from 'prom-client';
import { MailServer } from '../../src/platform/testing/mail-server.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { type Exposition, scrapeFrom } from '../support/exposition.js';
import { TestApp } from '../support/test-app.js';

interface Row {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
  readonly told: string;
}

const ROW = /^\| `(leftfold_\w+)` +\| (\w+) +\| ([^|]*)\| ([^|]+?) *\|/gm;

/** The metrics in the tables of the reference. */
async function documented(): Promise<Row[]> {
  const page = await readFile(join(import.meta.dirname, '..', '..', 'docs', 'reference', 'metrics.md'), 'utf8');
  return Array.from(page.matchAll(ROW), ([, name, type, labels, told]) => ({
    name: name!,
    type: type!,
    labels: [...labels!.matchAll(/`(\w+)`/g)].map(([, label]) => label!).toSorted(),
    told: told!,
  }));
}

/** Labels of all series of a metric. The series of a histogram count as one metric. */
function labelsOf(metrics: Exposition, name: string, type: string): string[] {
  const series = metrics.series(type === 'histogram' ? `${name}_count` : name);
  return [...new Set(series.flatMap((labels) => Object.keys(labels)))].toSorted();
}

describe('the reference of metrics', () => {
  let mail: MailServer;
  let app: TestApp;
  let metrics: Exposition;

  beforeAll(async () => {
    mail = await MailServer.start();
    app = await TestApp.start('sqlite', { SMTP_URL: mail.url });
    const ann = await app.customer();
    // SQLite has none.
    const replica = { name: 'db-2:5432/app', isUp: true, positions: new Map() };
    Object.defineProperty(app.nest.get(Databases), 'replicas', { value: [replica] });
    // The application has no handlers of messages.
    const handler = { name: 'orders.mark-paid', state: 'live', waiting: 3 } as MessageHandlerStatus;
    jest.spyOn(app.nest.get(MessageHandlers), 'list').mockResolvedValue([handler]);
    // Two concurrent changes of the same stream: one of them meets the other's event.
    const log = app.nest.get(EventLog);
    const append = log.append.bind(log);
    let isFirst = true;
    log.append = async (...all) => {
      if (isFirst) {
        isFirst = false;
        await append([{ stream: `user-${ann.userId}`, expected: 2, events: [{ type: 'users.seen', data: {} }] }]);
      }
      return append(...all);
    };
    await ann.put(`${ann.path}/username`, { username: 'Somebody else' });
    metrics = await eventually(async () => {
      const scraped = await scrapeFrom(app.anyone);
      if (scraped.series('leftfold_http_request_duration_seconds_count').length === 0)
        throw new Error('None is counted.');
      return scraped;
    });
  });

  afterAll(async () => {
    await app.close();
    await mail.close();
  });

  it('has every metric of the application, with its type and labels, and no other', async () => {
    const rows = await documented();

    const shown = [...metrics.families]
      .filter(([name]) => name.startsWith('leftfold_'))
      .map(([name, { type }]) => ({ name, type, labels: labelsOf(metrics, name, type) }));

    const byName = (one: { name: string }, other: { name: string }): number => (one.name < other.name ? -1 : 1);
    expect(rows.map(({ name, type, labels }) => ({ name, type, labels })).toSorted(byName)).toEqual(
      shown.toSorted(byName),
    );
    expect(rows).toHaveLength(23);
  });

  it('names every value that a label can have', async () => {
    const told = new Map((await documented()).map((row) => [row.name, row.told]));

    for (const [name, label] of [
      ['leftfold_append_duration_seconds', 'outcome'],
      ['leftfold_retries_total', 'what'],
      ['leftfold_subscription_state', 'state'],
      ['leftfold_last_scrape_error', 'part'],
    ] as const) {
      const series = metrics.series(name.endsWith('duration_seconds') ? `${name}_count` : name);
      const values = new Set(series.map((labels) => labels[label]!));
      expect(values.size).toBeGreaterThan(1);
      for (const value of values) expect(told.get(name)).toContain(`\`${value}\``);
    }
  });

  it('explains each in a sentence, and so does the HELP line', () => {
    const ours = [...metrics.families].filter(([name]) => name.startsWith('leftfold_'));

    for (const [name, { help }] of ours) expect([name, help]).toEqual([name, expect.stringMatching(/^[A-Z].{20,}\.$/)]);
  });

  it('is the only place that explains them: they are not in the OpenAPI document', async () => {
    const { paths } = (await app.anyone.get('/docs-json')).body as { paths: object };

    expect(paths).toHaveProperty(['/subscriptions']);
    expect(paths).not.toHaveProperty(['/metrics']);
  });

  it('are separate from those of other applications in the process', () => {
    expect(register.getMetricsAsArray()).toEqual([]);
  });
});
