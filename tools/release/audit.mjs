// Known weaknesses in what `npm ci --omit=dev` installs. Ends with 1 when one of them is high or critical. A registry that has
// no such list is said in one line, and is no failure.
import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';

/**
 * @param {string} output of `npm audit --json`
 * @returns {{ failed: boolean, sentence: string }}
 */
export function judgeAudit(output) {
  let report;
  try {
    report = JSON.parse(output);
  } catch {
    report = {};
  }
  const counts = report.metadata?.vulnerabilities;
  if (!counts) {
    const why = report.message ?? report.error?.summary ?? 'npm printed no report';
    return {
      failed: false,
      sentence: `Not audited, because the registry did not answer: ${String(why).split('\n', 1)[0]}`,
    };
  }
  const severe = Object.values(report.vulnerabilities).filter(({ severity }) => /^(high|critical)$/.test(severity));
  if (severe.length === 0)
    return { failed: false, sentence: `Audited: ${counts.total} known weaknesses, none of them high.` };
  const names = severe.map(({ name, severity }) => `${name} (${severity})`).join(', ');
  return { failed: true, sentence: `Known weaknesses in ${names}. Update them; npm audit --omit=dev says more.` };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const options = { encoding: /** @type {const} */ ('utf8'), shell: process.platform === 'win32' };
  const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json', '--fetch-retries=1'], options);
  const { failed, sentence } = judgeAudit(stdout ?? '');
  console.log(sentence);
  process.exit(failed ? 1 : 0);
}
