import type { RecurringJobAnswer } from '../../packages/operations/src/recurring/recurring-job.answer.js';
import { json, run } from '../cli/leftfold.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { expectProblem } from '../support/expectations.js';
import type { Person } from '../support/people.js';
import { RECURRING_JOB, RecurringJobModule, YearlyReports } from '../support/recurring-job.js';
import { runSql } from '../../packages/core/test/support/stored-rows.js';
import { TestApp } from '../support/test-app.js';
import { expectAccepted } from './operating.js';

const PATH = `/recurring/${RECURRING_JOB}`;
const GONE = 'reports.old-report';

describe('recurring jobs', () => {
  let app: TestApp;
  let operator: Person;

  const job = async (): Promise<RecurringJobAnswer> => (await operator.get(PATH)).body as RecurringJobAnswer;

  beforeAll(async () => {
    app = await TestApp.start('sqlite', {}, { with: [RecurringJobModule] });
    operator = await app.operator();
    await runSql(
      app.database.url,
      `insert into leftfold_recurring_jobs (name, schedule, next_due, paused) values ('${GONE}', 'every 1000 ms', 0, 0)`,
    );
  });

  afterAll(() => app.close());

  it('are listed, also those that are gone', async () => {
    const { items } = (await operator.get('/recurring')).body as { items: RecurringJobAnswer[] };

    expect(items).toEqual([
      { name: GONE, state: 'gone', schedule: 'every 1000 ms', missed: null, nextDue: null, lastRun: null },
      {
        name: RECURRING_JOB,
        state: 'scheduled',
        schedule: '0 0 1 1 * (Europe/Berlin)',
        missed: 'once',
        nextDue: expect.stringMatching(/-12-31T23:00:00.000Z$/),
        lastRun: null,
      },
    ]);
    expect((await json<{ items: object[] }>(app.database, 'recurring list')).items).toHaveLength(2);
  });

  it('are paused, resumed, and run now', async () => {
    expectAccepted(await operator.post(`${PATH}/pause`), { name: RECURRING_JOB });
    expect(await job()).toMatchObject({ state: 'paused', nextDue: null });
    expectAccepted(await operator.post(`${PATH}/resume`), { name: RECURRING_JOB });
    expect(await job()).toMatchObject({ state: 'scheduled' });

    expectAccepted(await operator.post(`${PATH}/run`), { name: RECURRING_JOB });
    const { made } = app.nest.get(YearlyReports);
    await eventually(() => expect(made).toHaveLength(1));
    await eventually(async () => expect((await job()).lastRun).toBe(made[0]));
  });

  it('refuse what is gone or unknown', async () => {
    const path = `/recurring/${GONE}/run`;
    expectProblem(await operator.post(path), 409, 'recurring-job-gone', { instance: path });
    const unknown = '/recurring/reports.none';
    for (const action of ['', '/pause', '/resume', '/run']) {
      const answer = action === '' ? await operator.get(unknown) : await operator.post(unknown + action);
      expectProblem(answer, 404, 'recurring-job-not-found', { instance: unknown + action });
    }
    const refused = await run(app.database, 'recurring run reports.none');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('There is no recurring job "reports.none".');
  });
});
