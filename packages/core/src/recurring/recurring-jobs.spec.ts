import { RecurringJobs } from './recurring-jobs.js';

it('refuses an id of a run that is no UUID, which its command could never be executed under', async () => {
  const unused = {} as never;
  const jobs = new RecurringJobs(unused, unused, unused, () => undefined);

  await expect(jobs.run('reports.daily-report', 'today')).rejects.toThrow(
    'The id of a run of "reports.daily-report" is "today". Give a UUID.',
  );
});
