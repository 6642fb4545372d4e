// `npm test`: Jest with this repository's loader. Plain JavaScript without imports of packages, so that any Node can say what is missing.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const NEEDED = { major: 22, minor: 12 };
/** What `--fast` stands for: the rules, the platform, and the features on SQLite. */
const FAST =
  '--selectProjects unit int e2e --testPathPatterns \\.spec\\.ts$ src/platform/ test/(users|inventory|orders|history|idempotency)/ --testNamePattern ^(?!.*postgres)'.split(
    ' ',
  );

/** Tests that pack, install and build as a user does: `npm run test:install`, or a path that names them. */
const WITHOUT_INSTALL = ['--ignoreProjects', 'install'];

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < NEEDED.major || (major === NEEDED.major && minor < NEEDED.minor)) {
  console.error(
    `This is Node.js ${process.versions.node}; Leftfold needs ${NEEDED.major}.${NEEDED.minor} or later. Install it from https://nodejs.org, or with the version manager that reads .nvmrc.`,
  );
  process.exit(1);
}

const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const given = process.argv.slice(2).flatMap((arg) => (arg === '--fast' ? FAST : [arg]));
const chosen = given.some((arg) => !arg.startsWith('-') || arg.startsWith('--selectProjects'));
const args = chosen ? given : [...WITHOUT_INSTALL, ...given];
const { status, signal } = spawnSync(
  process.execPath,
  ['--import', new URL('jest/register.mjs', import.meta.url).href, jest, ...args],
  { stdio: 'inherit', cwd: join(import.meta.dirname, '..') },
);
if (signal) process.kill(process.pid, signal);
process.exit(status ?? 1);
