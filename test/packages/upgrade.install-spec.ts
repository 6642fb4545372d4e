/**
 * `nest upgrade` on the last application with the kernel in `src/event-sourcing`, from the history of this repository, with the
 * packages that `npm publish` would upload. The schematic's own spec tests what upgrades can't do.
 */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { LONG_LIMIT_MS } from '../../packages/core/test/support/once-a-run.js';
import { describeIf } from '../../packages/core/test/support/skipping.js';
import { createScratchFolder } from '../../packages/core/test/support/test-run.mjs';
import { installPackages } from './install-packages.js';

const REPOSITORY = join(import.meta.dirname, '..', '..');
const BEFORE_PACKAGES = '7b00c58f50aab008c9ecf93032c255d5ea135faa';
const STEP_LIMIT_MS = 240_000;
const UPGRADE = ['node_modules/@nestjs/cli/bin/nest.js', 'upgrade', '-c', '@leftfold/schematics', '--skip-install'];
const PATTERNS = ['src/(users|orders|inventory)/', 'test/orders/place-order'];

describeIf(hasHistory(), `This clone has no commit ${BEFORE_PACKAGES}. Fetch the whole history: git fetch --unshallow`)(
  'an application whose kernel was in src/event-sourcing',
  () => {
    let folder: string;
    let said: string;

    beforeAll(async () => {
      folder = join(await createScratchFolder('upgrade'), 'shop');
      await mkdir(folder);
      const archive = join(folder, 'before.tar');
      execFileSync('git', ['archive', `--output=${archive}`, BEFORE_PACKAGES], { cwd: REPOSITORY });
      execFileSync('tar', ['-xf', archive, '-C', folder]);
      await installPackages(folder);
      await writeFile(join(folder, 'src', 'orders', 'mine.ts'), MINE);
      said = await node(...UPGRADE);
    }, LONG_LIMIT_MS + STEP_LIMIT_MS);

    it('has no kernel of its own any more', async () => {
      for (const path of ['src/event-sourcing', 'src/audit', 'src/operations', 'src/platform/cli', 'schematics']) {
        expect([path, existsSync(join(folder, path))]).toEqual([path, false]);
      }
      await expect(readFile(join(folder, 'package.json'), 'utf8')).resolves.toContain('"@leftfold/core": "^');
    });

    it('is told what is left to do, with file and line, and nothing else', () => {
      expect(said.split('\n').filter((line) => /^\s*- /.test(line))).toEqual([
        expect.stringContaining('- src/orders/mine.ts:2: EventRegistry of src/event-sourcing/events/event-registry.ts'),
        expect.stringContaining('- README.md and docs/'),
        expect.stringContaining('- run the compiler and the tests'),
      ]);
    });

    it(
      'compiles, except for what was listed',
      async () => {
        await expect(node('node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json')).rejects.toThrow(
          /^src\/orders\/mine\.ts\(2,[^\n]+\n$/m,
        );
        await writeFile(join(folder, 'src', 'orders', 'mine.ts'), '');
      },
      STEP_LIMIT_MS,
    );

    it(
      'passes the tests of its features: rules and rows, and one over HTTP',
      async () => {
        const passed = await node(
          'tools/test.mjs',
          '--selectProjects',
          'unit',
          'e2e',
          '--testPathPatterns',
          ...PATTERNS,
        );
        expect(passed).toMatch(/^PASS unit src\/orders\/domain\/order\.aggregate\.spec\.ts/m);
        expect(passed).toMatch(/^PASS e2e test\/orders\/place-order\.e2e-spec\.ts/m);
      },
      STEP_LIMIT_MS,
    );

    /** Runs a program without the developer's environment. Returns its output. */
    async function node(...args: readonly string[]): Promise<string> {
      const { PATH, HOME } = process.env;
      try {
        const { stdout, stderr } = await promisify(execFile)(process.execPath, args, {
          cwd: folder,
          env: { PATH, HOME, NO_COLOR: '1' },
          timeout: STEP_LIMIT_MS,
          maxBuffer: 16 * 1024 * 1024,
        });
        return stripVTControlCharacters(stdout + stderr);
      } catch (error) {
        const { stdout, stderr } = error as Error & { stdout?: string; stderr?: string };
        throw new Error(`${stdout}${stderr}`, { cause: error });
      }
    }
  },
);

const MINE = `import type { ExpectedError } from '../event-sourcing/index.js';
import type { EventRegistry } from '../event-sourcing/events/event-registry.js';

export type Mine = ExpectedError | EventRegistry;
`;

/** A shallow clone does not have it. */
function hasHistory(): boolean {
  try {
    execFileSync('git', ['cat-file', '-e', `${BEFORE_PACKAGES}^{commit}`], { cwd: REPOSITORY, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
