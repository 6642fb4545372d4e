import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Settings } from '../../src/platform/config/settings.js';
import { Variables } from '../../src/platform/config/variables.js';
import { EXACT_IMAGE } from './dockerfile.js';

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly configs?: readonly { readonly source: string }[];
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly configs: Readonly<Record<string, { readonly content: string }>>;
  readonly secrets?: Readonly<Record<string, { readonly environment: string }>>;
  readonly volumes: Readonly<Record<string, null>>;
}

/** Compose replaces these; a doubled dollar sign stays one. */
const VARIABLE = /(?<!\$)\$\{(\w+)(:\?[^}]*)?\}/g;
const NOT_REQUIRED = /(?<!\$)\$(?!\$|\{\w+:\?)/;
const SECRET = /PASSWORD|SECRET|TOKEN/;

const textOf = (file: string): Promise<string> => readFile(join(import.meta.dirname, '..', '..', file), 'utf8');

let text: string;
let compose: Compose;
let nodes: [string, Service][];

beforeAll(async () => {
  text = await textOf('compose.yaml');
  compose = parse(text, { merge: true }) as Compose;
  nodes = Object.entries(compose.services).filter(([, { build }]) => build !== undefined);
});

/** What the node gets, when every variable of Compose has this value. */
function environmentOf({ environment }: Service, value: (name: string) => string): Record<string, string> {
  const entries = Object.entries(environment!);
  return Object.fromEntries(
    entries.map(([name, each]) => [name, each.replaceAll(VARIABLE, (_all, variable: string) => value(variable))]),
  );
}

const given = (name: string): string =>
  name === 'OPERATOR_EMAIL' ? 'op@leftfold.example' : 'fa0c57d1b29e4c83a6d0e7f154b8c29d71ce05af83b6924d';

it('has three nodes, PostgreSQL with a replica, NATS and Prometheus', () => {
  expect(Object.keys(compose.services)).toEqual([
    'node-1',
    'node-2',
    'node-3',
    'postgres',
    'postgres-replica',
    'nats',
    'prometheus',
  ]);
  expect(nodes).toHaveLength(3);
});

it('gives nodes settings that exist, and that they accept in production', () => {
  for (const [, node] of nodes) {
    const env: Record<string, string> = { NODE_ENV: 'production', ...environmentOf(node, given) };
    const asked = new Set<string>();
    const settings = new Settings(
      new Variables((name) => {
        asked.add(name);
        return env[name];
      }),
    );

    expect(Object.keys(env).filter((name) => !asked.has(name))).toEqual([]);
    expect(settings.viewsReplicas).toHaveLength(1);
    expect(settings.nats).toBeDefined();
    expect(settings.metricsToken).toBe(given('METRICS_TOKEN'));
  }
});

it('takes every secret from the environment, and none has a default', () => {
  expect(text.split('\n').filter((line) => !line.startsWith('#') && NOT_REQUIRED.test(line))).toEqual([]);
  const secrets = Object.values(compose.services).flatMap(({ environment = {} }) =>
    Object.entries(environment).filter(([name, value]) => SECRET.test(name) || value.includes('@')),
  );
  expect(secrets.length).toBeGreaterThan(15);
  for (const [name, value] of secrets) expect([name, value]).toEqual([name, expect.stringMatching(/\$\{\w+:\?/)]);
  expect(Object.values(compose.secrets!)).toEqual([{ environment: 'METRICS_TOKEN' }]);
});

it.each(['X: ${X}', 'X: ${X:-secret}', 'X: $X'])('would see a variable with a default or without need: %s', (line) => {
  expect(NOT_REQUIRED.test(line)).toBe(true);
});

it.each(['compose.yaml', 'compose.dev.yaml'])('names exact images, and what exists, in %s', async (file) => {
  const { services, configs, secrets = {}, volumes } = parse(await textOf(file), { merge: true }) as Compose;
  expect(Object.keys(services).length).toBeGreaterThan(1);
  for (const [name, service] of Object.entries(services)) {
    expect([name, service.image]).toEqual([name, expect.stringMatching(EXACT_IMAGE)]);
    // Our own image brings one.
    const check = service.build === undefined ? service.healthcheck?.test[0] : 'CMD';
    expect([name, check]).toEqual([name, 'CMD']);
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      expect([other in services, condition]).toEqual([true, 'service_healthy']);
    }
    for (const { source } of service.configs ?? []) expect(configs).toHaveProperty([source]);
    for (const secret of service.secrets ?? []) expect(secrets).toHaveProperty([secret]);
    for (const volume of service.volumes ?? []) expect(volumes).toHaveProperty([volume.split(':')[0]!]);
  }
});

it('starts nodes after PostgreSQL and NATS, with a read-only file system and no privileges', () => {
  for (const [, node] of nodes) {
    expect(Object.keys(node.depends_on!)).toEqual(['postgres', 'nats']);
    expect([node.read_only, node.cap_drop]).toEqual([true, ['ALL']]);
  }
});

it('lets Prometheus scrape every node, with the token', () => {
  const { scrape_configs: jobs } = parse(compose.configs.prometheus!.content) as {
    scrape_configs: { authorization: { credentials_file: string }; static_configs: { targets: string[] }[] }[];
  };
  expect(jobs.flatMap((job) => job.static_configs.flatMap(({ targets }) => targets))).toEqual(
    nodes.map(([name]) => `${name}:3000`),
  );
  const [secret] = compose.services.prometheus!.secrets!;
  expect(jobs[0]!.authorization.credentials_file).toBe(`/run/secrets/${secret}`);
});

it.each(['compose.yaml', 'compose.dev.yaml'])('makes JetStream sync before it acknowledges, in %s', async (file) => {
  const { configs } = parse(await textOf(file)) as Compose;
  expect(configs.nats!.content).toMatch(/^\s*sync_interval: always$/m);
});
