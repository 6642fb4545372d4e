import { judgeAudit } from '../../tools/release/audit.mjs';

const report = (...severities: string[]): string =>
  JSON.stringify({
    vulnerabilities: Object.fromEntries(
      severities.map((severity) => [`a-${severity}-one`, { name: `a-${severity}-one`, severity }]),
    ),
    metadata: { vulnerabilities: { total: severities.length } },
  });

it.each([
  ['nothing known', report(), false, /^Audited: 0/],
  ['low and moderate', report('low', 'moderate'), false, /^Audited: 2/],
  ['high', report('low', 'high'), true, /a-high-one \(high\)\. Update/],
  ['critical', report('critical', 'high'), true, /a-critical-one \(critical\), a-high-one/],
  ['no such list', JSON.stringify({ message: '405 Method Not Allowed', error: { summary: '' } }), false, /405 Method/],
  ['no network', JSON.stringify({ error: { code: 'ENOTFOUND', summary: 'no address\nfor it' } }), false, /no address$/],
  ['no JSON', '', false, /^Not audited/],
] as const)('%s', (_, output, failed, sentence) => {
  expect(judgeAudit(output)).toEqual({ failed, sentence: expect.stringMatching(sentence) });
});
