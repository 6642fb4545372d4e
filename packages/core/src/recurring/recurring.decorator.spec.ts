import { Recurring, type RecurringOptions } from './recurring.decorator.js';

class SendReportCommand {}
const name = 'reports.send-report';

it.each<[string, RecurringOptions, RegExp]>([
  ['neither cron nor every', { name }, /either cron or every/],
  ['both', { name, cron: '* * * * *', every: 1_000 }, /either cron or every/],
  ['a name without a feature', { name: 'report', every: 1_000 }, /<feature>.<job>/],
  ['a cron expression that is none', { name, cron: 'daily' }, /daily/],
  ['a date', { name, cron: '2030-01-01T00:00:00' }, /a pattern, not a date/],
  ['a day that never comes', { name, cron: '0 0 30 2 *' }, /no date matches/],
  ['an unknown time zone', { name, cron: '* * * * *', timeZone: 'Mars/Olympus' }, /Mars\/Olympus/],
  ['a time zone beside every', { name, every: 1_000, timeZone: 'UTC' }, /timeZone belongs to cron/],
  ['too short an interval', { name, every: 999 }, /from 1000 to 366 days/],
  ['an interval that is no whole number', { name, every: 1_000.5 }, /from 1000 to 366 days/],
  ['an unknown policy', { name, every: 1_000, missed: 'never' as never }, /'once', 'all' or 'skip'/],
])('refuses %s', (_name, options, sentence) => {
  expect(() => Recurring(options)(SendReportCommand)).toThrow(sentence);
});
