import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { commandIn, findingsIn, instructionsOf } from './dockerfile.js';

const REPOSITORY = join(import.meta.dirname, '..', '..');
const textOf = (file: string): Promise<string> => readFile(join(REPOSITORY, file), 'utf8');

let dockerfile: string;

beforeAll(async () => {
  dockerfile = await textOf('Dockerfile');
});

it('keeps the rules', () => {
  expect(instructionsOf(dockerfile).length).toBeGreaterThan(20);
  expect(findingsIn(dockerfile)).toEqual([]);
});

it('installs exactly the locked production packages, with the manifest of every package', async () => {
  const all = instructionsOf(dockerfile);
  const packages = (await readdir(join(REPOSITORY, 'packages'), { withFileTypes: true })).filter((each) =>
    each.isDirectory(),
  );
  const copied = all.filter(({ name }) => name === 'COPY').map(({ text }) => text);

  expect(all).toContainEqual({ name: 'RUN', text: 'npm ci --omit=dev' });
  expect(packages.length).toBeGreaterThan(4);
  for (const { name } of packages) expect(copied).toContain(`packages/${name}/package.json packages/${name}/`);
});

it('uses the version of Node.js that package.json names', async () => {
  const { volta } = JSON.parse(await textOf('package.json')) as { volta: { node: string } };
  expect(dockerfile.match(/FROM node:[\d.]+/g)).toEqual([`FROM node:${volta.node}`, `FROM node:${volta.node}`]);
});

it.each<[string, (good: string) => string, RegExp]>([
  [
    'an image of any version',
    (good) => good.replaceAll(/node:[\d.]+-/g, 'node:24-'),
    /node:24-bookworm-slim has no exact version/,
  ],
  ['the newest image', (good) => good.replaceAll(/node:[\d.]+-bookworm-slim/g, 'node:latest'), /has no exact version/],
  ['root', (good) => good.replace('USER node', ''), /runs as root/],
  ['root by number', (good) => good.replace('USER node', 'USER 0:0'), /runs as root/],
  ['npm in between', (good) => good.replace(/^CMD.*$/m, 'CMD ["npm", "start"]'), /signals do not reach/],
  ['a shell in between', (good) => good.replace(/^CMD.*$/m, 'CMD node dist/main.js'), /signals do not reach/],
  ['curl', (good) => good.replace(/^HEALTHCHECK.*$/m, 'HEALTHCHECK CMD curl -f http://localhost/'), /lacks/],
  ['no health check', (good) => good.replace(/^HEALTHCHECK.*$/m, ''), /no HEALTHCHECK/],
  [
    'one stage',
    () => 'FROM node:24.21.0-slim\nUSER node\nHEALTHCHECK CMD ["node", "x"]\nCMD ["node", "y"]',
    /one stage only/,
  ],
  ['a secret', (good) => good.replace('ENV NODE_ENV', 'ENV JWT_SECRET=x NODE_ENV'), /stores a secret/],
  ['the whole folder', (good) => good.replace('COPY bin bin', 'COPY . .'), /whole folder/],
  ['other versions', (good) => good.replace('npm ci --omit=dev', 'npm install \\\n  --omit=dev'), /use npm ci/],
  ['a download', (good) => good.replace('COPY bin bin', 'ADD https://x.example/y.tgz /y'), /use COPY/],
])('finds %s', (_what, spoil, finding) => {
  expect(findingsIn(spoil(dockerfile)).join('\n')).toMatch(finding);
});

it('is built without what this folder has besides: dependencies, builds, data, secrets', async () => {
  const ignored = new Set((await textOf('.dockerignore')).split('\n'));
  for (const each of ['.git', '.env', '**/node_modules', '**/dist', 'data']) expect(ignored).toContain(each);
});

describe('the health check', () => {
  const check = async (port: number): Promise<number> => {
    const [program, ...args] = commandIn(instructionsOf(dockerfile).find(({ name }) => name === 'HEALTHCHECK')!.text)!;
    expect(program).toBe('node');
    return new Promise((resolve) => {
      execFile(process.execPath, args, { env: { PORT: String(port) } }, (error) => resolve(Number(error?.code ?? 0)));
    });
  };

  it.each([
    ['passes while the process answers', 200, 0],
    ['fails while it answers with an error', 503, 1],
  ])('%s', async (_what, status, code) => {
    const asked: string[] = [];
    const server = createServer(({ url }, answer) => {
      asked.push(url!);
      answer.writeHead(status).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      expect([await check(port), asked]).toEqual([code, ['/health/live']]);
    } finally {
      server.closeAllConnections();
      server.close();
    }
    expect(await check(port)).toBe(1);
  });
});
