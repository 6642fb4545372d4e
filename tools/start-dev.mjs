// `npm run start:dev`: builds the packages and the application, runs it, and does both again after each change of either.
import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const TSC = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const PROJECTS = ['tsconfig.packages.json', 'tsconfig.build.json'];

const first = spawnSync(process.execPath, [TSC, '-b', ...PROJECTS, '--pretty'], { cwd: ROOT, stdio: 'inherit' });
// After a type error there may be no program to run yet. The compiler keeps watching.
if (first.status !== 0)
  console.error('Fix the errors above. The application starts after the first build without errors.');

const compiler = spawn(process.execPath, [TSC, '-b', ...PROJECTS, '--watch', '--preserveWatchOutput'], {
  cwd: ROOT,
  stdio: 'inherit',
});
// Watches every module that the program has loaded, those of the packages, too.
const program = spawn(process.execPath, ['--watch', '--watch-preserve-output', join('dist', 'main.js')], {
  cwd: ROOT,
  stdio: 'inherit',
});

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.on(signal, () => {
    compiler.kill(signal);
    program.kill(signal);
  });
}
compiler.on('exit', () => program.kill());
program.on('exit', (code) => {
  compiler.kill();
  process.exitCode = code ?? 0;
});
