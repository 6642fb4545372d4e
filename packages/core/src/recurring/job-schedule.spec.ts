import { CronSchedule, IntervalSchedule, type JobSchedule } from './job-schedule.js';

const times = (schedule: JobSchedule, from: string, count: number): string[] => {
  const found: number[] = [];
  while (found.length < count) found.push(schedule.nextAfter(found.at(-1) ?? Date.parse(from))!);
  return found.map((each) => new Date(each).toISOString().replace(':00.000', ''));
};

/** Clocks go from 02:00 to 03:00 at 01:00 UTC on 29 March 2026, and from 03:00 to 02:00 at 01:00 UTC on 25 October. */
describe('a cron expression in Europe/Berlin, when clocks change', () => {
  it.each([
    [
      'runs a time in the gap once, at its end',
      '30 2 * * *',
      '2026-03-28T12:00Z',
      ['2026-03-29T01:00Z', '2026-03-30T00:30Z'],
    ],
    [
      'runs a time after the gap at that time',
      '30 3 * * *',
      '2026-03-28T12:00Z',
      ['2026-03-29T01:30Z', '2026-03-30T01:30Z'],
    ],
    ['skips the gap of an hourly job', '30 * * * *', '2026-03-29T00:00Z', ['2026-03-29T00:30Z', '2026-03-29T01:30Z']],
    [
      'runs a repeated time once, the first time',
      '30 2 * * *',
      '2026-10-24T12:00Z',
      ['2026-10-25T00:30Z', '2026-10-26T01:30Z'],
    ],
    [
      'runs an hourly job in both of the repeated hours',
      '30 * * * *',
      '2026-10-25T00:00Z',
      ['2026-10-25T00:30Z', '2026-10-25T01:30Z', '2026-10-25T02:30Z'],
    ],
  ])('%s', (_name, cron, from, expected) => {
    const schedule = new CronSchedule(cron, 'Europe/Berlin');

    expect(times(schedule, from, expected.length)).toEqual(expected);
    const last = Date.parse(expected.at(-1)!);
    const past = schedule.lastUpTo(last, expected.length);
    expect(past.map((each) => new Date(each).toISOString().replace(':00.000', ''))).toEqual(expected);
  });
});

it('is due at multiples of the interval', () => {
  const schedule = new IntervalSchedule(15 * 60_000);

  expect(times(schedule, '2026-01-01T10:07Z', 2)).toEqual(['2026-01-01T10:15Z', '2026-01-01T10:30Z']);
  expect(times(schedule, '2026-01-01T10:15Z', 1)).toEqual(['2026-01-01T10:30Z']);
  expect(schedule.lastUpTo(45 * 60_000, 2)).toEqual([30 * 60_000, 45 * 60_000]);
});

it('has no next time after the last one', () => {
  expect(new CronSchedule('0 0 0 1 1 * 2027', 'UTC').nextAfter(Date.parse('2027-06-01T00:00Z'))).toBeNull();
});
