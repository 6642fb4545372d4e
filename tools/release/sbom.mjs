// `npm run sbom [-- <file>]`: writes a CycloneDX document of what `npm ci --omit=dev` installs. Needs no registry.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const REPOSITORY = join(import.meta.dirname, '..', '..');
const FORMAT = ['--package-lock-only', '--sbom-format=cyclonedx', '--sbom-type=application'];

/**
 * `npm sbom --omit=dev` leaves out what a package for development needs as well, such as pg and rxjs. So npm is shown a project
 * that has no packages for development.
 */
const manifest = readJson('package.json');
const lock = readJson('package-lock.json');
const own = Object.keys(manifest.dependencies).filter((name) => name.startsWith('@leftfold/'));
const workspaces = own.map((name) => lock.packages[`node_modules/${name}`].resolved);
for (const each of [manifest, lock.packages['']]) {
  delete each.devDependencies;
  each.workspaces = workspaces;
}
const isInstalled = (
  /** @type {string} */ path,
  /** @type {{ dev?: boolean, extraneous?: boolean, link?: boolean }} */ entry,
) => !entry.dev && !entry.extraneous && (!entry.link || own.some((name) => path === `node_modules/${name}`));
const isPart = (/** @type {string} */ path) =>
  path === '' || path.startsWith('node_modules/') || workspaces.some((each) => path === each);
lock.packages = Object.fromEntries(
  Object.entries(lock.packages).filter(([path, entry]) => isInstalled(path, entry) && isPart(path)),
);

const scratch = mkdtempSync(join(tmpdir(), 'sbom-'));
try {
  // npm names the application after its folder.
  const folder = join(scratch, manifest.name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
  const options = { cwd: folder, maxBuffer: 64 << 20, shell: process.platform === 'win32' };
  const file = resolve(process.argv[2] ?? join(REPOSITORY, 'sbom.cdx.json'));
  const sbom = execFileSync('npm', ['sbom', ...FORMAT], options);
  writeFileSync(file, sbom);
  console.log(`${file} lists ${JSON.parse(sbom.toString()).components.length} packages.`);
} finally {
  rmSync(scratch, { recursive: true });
}

/** @param {string} name */
function readJson(name) {
  return JSON.parse(readFileSync(join(REPOSITORY, name), 'utf8'));
}
