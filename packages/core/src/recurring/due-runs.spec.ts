import { dueRuns, type MissedRuns, MOST_MISSED } from './due-runs.js';
import { IntervalSchedule } from './job-schedule.js';

const HOUR = 60 * 60_000;
const MINUTE = 60_000;
const hourly = new IntervalSchedule(HOUR);

it.each<[string, MissedRuns, number, number[]]>([
  ['once: one run on time', 'once', 5 * HOUR, [5]],
  ['once: one run for all that were missed', 'once', 7 * HOUR + 30 * MINUTE, [7]],
  ['all: one run for each that was missed', 'all', 7 * HOUR + 30 * MINUTE, [5, 6, 7]],
  ['skip: the last one while it is on time', 'skip', 7 * HOUR + MINUTE, [7]],
  ['skip: none later than a minute', 'skip', 7 * HOUR + MINUTE + 1, []],
])('%s', (_name, missed, now, hours) => {
  const nextDue = (Math.floor(now / HOUR) + 1) * HOUR;

  expect(dueRuns(hourly, missed, 5 * HOUR, now)).toEqual({
    runs: hours.map((each) => each * HOUR),
    isCut: false,
    nextDue,
  });
});

it('makes up for the last of very many missed runs', () => {
  const { runs, isCut } = dueRuns(hourly, 'all', HOUR, 2 * MOST_MISSED * HOUR);

  expect(runs).toHaveLength(MOST_MISSED);
  expect(runs.at(-1)).toBe(2 * MOST_MISSED * HOUR);
  expect(isCut).toBe(true);
});

it('runs nothing when the next due time was impossibly far ahead, and corrects it', () => {
  expect(dueRuns(hourly, 'all', 1e15, 5 * HOUR)).toEqual({ runs: [], isCut: false, nextDue: 6 * HOUR });
});
