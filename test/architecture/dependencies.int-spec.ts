import { checkContractImports } from './contract-imports.js';
import { type Cruise, cruiseSources, typeScriptFilesOf } from './cruise-sources.js';
import rules from './rules.mjs';
import { createSampleProject, REPOSITORY, textImporting } from './sample-project.js';

/** Each path with its imports: one example of everything that is allowed. */
const ALLOWED: Record<string, string[]> = {
  'src/main.ts': ['src/app.module.ts'],
  'src/cli.ts': ['src/leftfold.ts'],
  'src/leftfold.ts': ['src/app.module.ts', 'src/users/cli/user.commands.ts'],
  'src/users/cli/user.commands.ts': [],
  'src/app.module.ts': ['@leftfold/core', 'src/platform/auth/guard.ts', 'src/users/users.module.ts'],

  'packages/core/src/index.ts': ['packages/core/src/aggregates/aggregate-root.ts'],
  'packages/core/src/aggregates/aggregate-root.ts': [],
  'packages/core/src/aggregates/aggregate-root.spec.ts': ['packages/core/src/testing/given.ts'],
  // Folders of the kernel point down.
  'packages/core/src/module/thing.ts': ['packages/core/src/operations/thing.ts', 'packages/core/src/errors.ts'],
  'packages/core/src/operations/thing.ts': [
    'packages/core/src/read-models/thing.ts',
    'packages/core/src/sagas/thing.ts',
  ],
  'packages/core/src/recurring/thing.ts': ['packages/core/src/sagas/thing.ts'],
  'packages/core/src/sagas/thing.ts': [
    'packages/core/src/subscriptions/thing.ts',
    'packages/core/src/commands/thing.ts',
  ],
  'packages/core/src/side-effects/thing.ts': ['packages/core/src/subscriptions/thing.ts'],
  'packages/core/src/read-models/thing.ts': ['packages/core/src/subscriptions/thing.ts'],
  'packages/core/src/subscriptions/thing.ts': [
    'packages/core/src/event-log/thing.ts',
    'packages/core/src/decisions/thing.ts',
  ],
  'packages/core/src/decisions/thing.ts': ['packages/core/src/aggregates/thing.ts'],
  'packages/core/src/aggregates/thing.ts': ['packages/core/src/commands/thing.ts'],
  'packages/core/src/commands/thing.ts': ['packages/core/src/event-log/thing.ts'],
  'packages/core/src/event-log/thing.ts': ['packages/core/src/databases/thing.ts', 'packages/core/src/events/thing.ts'],
  'packages/core/src/personal-data/thing.ts': ['packages/core/src/databases/thing.ts'],
  'packages/core/src/databases/thing.ts': ['packages/core/src/events/thing.ts'],
  'packages/core/src/events/thing.ts': ['packages/core/src/errors.ts'],
  'packages/core/src/errors.ts': [],
  'packages/core/src/room/thing.ts': [],
  'packages/core/src/testing/index.ts': ['packages/core/src/testing/given.ts'],
  'packages/core/src/testing/given.ts': ['packages/core/src/aggregates/aggregate-root.ts'],
  'packages/http/src/index.ts': ['@leftfold/core'],
  'packages/operations/src/index.ts': ['@leftfold/core', '@leftfold/http'],
  'packages/nats/src/index.ts': ['@leftfold/core', '@leftfold/operations'],
  'packages/proofs/src/index.ts': ['@leftfold/core', '@leftfold/http', '@leftfold/operations'],

  'src/platform/auth/guard.ts': ['@leftfold/core'],
  'src/platform/auth/guard.int-spec.ts': ['src/app.module.ts', '@leftfold/core/testing'],

  'src/users/users.module.ts': ['@leftfold/core', 'src/platform/auth/guard.ts', 'src/users/domain/user.aggregate.ts'],
  'src/users/users.contract.ts': ['src/users/domain/user.aggregate.ts'],
  'src/users/domain/user.aggregate.ts': ['@leftfold/core'],
  'src/users/domain/user.aggregate.spec.ts': ['@leftfold/core/testing', 'src/users/testing/user.fixtures.ts'],
  'src/users/testing/user.fixtures.ts': ['@leftfold/core/testing', 'src/users/domain/user.aggregate.ts'],

  'src/orders/sagas/welcome.saga.ts': ['src/users/users.contract.ts'],
  'src/orders/read-models/order-view/order-view.projection.ts': ['src/users/users.contract.ts'],
  'src/orders/commands/place-order/place-order.handler.ts': ['src/users/users.contract.ts'],
};

const INSIDE = 'packages/core/src/aggregates/aggregate-root.ts';
/** One upward import from each folder of the kernel that has a folder above or beside it. */
const KERNEL_UPWARDS = [
  ['operations', 'module'],
  ['recurring', 'operations'],
  ['sagas', 'read-models'],
  ['side-effects', 'sagas'],
  ['read-models', 'operations'],
  ['inbox', 'sagas'],
  ['subscriptions', 'read-models'],
  ['decisions', 'subscriptions'],
  ['aggregates', 'decisions'],
  ['commands', 'aggregates'],
  ['event-log', 'commands'],
  ['personal-data', 'event-log'],
  ['databases', 'event-log'],
  ['events', 'databases'],
  ['module', 'index'],
].map(([folder = '', above = '']): [rules: string, from: string, to: string] => [
  `kernel-points-down-from-${folder}`,
  `packages/core/src/${folder}/knows-${above}.ts`,
  above === 'index' ? '@leftfold/core' : `packages/core/src/${above}/thing.ts`,
]);
/** Forbidden imports, one file each, and the rules that refuse them. */
const FORBIDDEN: [rules: string, from: string, to: string][] = [
  ['packages-know-no-application', 'packages/core/src/sagas/knows-a-feature.ts', 'src/users/users.contract.ts'],
  ['packages-know-no-application', 'packages/core/src/sagas/knows-the-platform.ts', 'src/platform/auth/guard.ts'],
  ['packages-point-down', 'packages/core/src/sagas/knows-http.ts', '@leftfold/http'],
  ...KERNEL_UPWARDS,
  ['kernel-words-stand-alone', 'packages/core/src/knows-a-folder.ts', 'packages/core/src/aggregates/aggregate-root.ts'],
  ['kernel-has-named-folders', 'packages/core/src/module/knows-a-room.ts', 'packages/core/src/room/thing.ts'],
  ['packages-point-down', 'packages/http/src/knows-operations.ts', '@leftfold/operations'],
  ['only-applications-need-nats', 'packages/operations/src/knows-nats.ts', '@leftfold/nats'],
  ['only-applications-need-proofs', 'packages/operations/src/knows-proofs.ts', '@leftfold/proofs'],
  ['packages-are-imported-by-name', 'src/platform/http/by-path.ts', 'packages/core/src/index.ts'],
  ['packages-are-imported-by-name packages-have-doors', 'src/app.module.spec.ts', INSIDE],
  ['packages-are-imported-by-name packages-have-doors', 'src/platform/http/back-door.ts', INSIDE],
  ['packages-are-imported-by-name packages-have-doors', 'src/orders/domain/back-door.ts', INSIDE],
  ['packages-are-imported-by-name packages-have-doors', 'packages/http/src/back-door.ts', INSIDE],
  ['platform-knows-no-feature', 'src/platform/http/knows-a-contract.ts', 'src/users/users.contract.ts'],
  ['platform-knows-no-feature', 'src/platform/http/knows-a-module.ts', 'src/users/users.module.ts'],
  ['features-meet-at-contracts', 'src/orders/commands/around-the-contract.ts', 'src/users/domain/user.aggregate.ts'],
  ['features-meet-at-contracts', 'src/orders/sagas/around-the-contract.ts', 'src/users/users.module.ts'],
  [
    'contracts-are-for-sagas-read-models-and-commands',
    'src/orders/domain/too-curious.ts',
    'src/users/users.contract.ts',
  ],
  ['contracts-are-for-sagas-read-models-and-commands', 'src/orders/orders.contract.ts', 'src/users/users.contract.ts'],
  ['nobody-imports-an-entry-point', 'src/users/starts-the-app.ts', 'src/main.ts'],
  ['nobody-imports-an-entry-point', 'src/platform/http/starts-the-app.ts', 'src/cli.ts'],
  ['only-the-programs-import-the-app-module', 'src/users/knows-everybody.ts', 'src/app.module.ts'],
  ['tests-stay-out-of-production', 'src/orders/domain/half-a-test.ts', '@leftfold/core/testing'],
  ['tests-stay-out-of-production', 'src/users/domain/half-a-test.ts', 'src/users/domain/user.aggregate.spec.ts'],
];
const SOURCES_OF: Record<string, string> = {
  '@leftfold/core': 'packages/core/src/index.ts',
  '@leftfold/core/testing': 'packages/core/src/testing/index.ts',
  '@leftfold/http': 'packages/http/src/index.ts',
  '@leftfold/operations': 'packages/operations/src/index.ts',
  '@leftfold/nats': 'packages/nats/src/index.ts',
  '@leftfold/proofs': 'packages/proofs/src/index.ts',
};

/** The same imports that `checkContractImports` checks. */
const CONTRACT_ARROW =
  /^src\/([^/]+)\/(?:sagas|read-models|commands)\/\S+(?<!spec\.ts) -> src\/(?!\1\/)[^/]+\/[^/]+\.contract\.ts$/;

describe('in this project', () => {
  let onDisk: string[];
  let sources: Cruise;

  beforeAll(async () => {
    onDisk = await typeScriptFilesOf(REPOSITORY);
    sources = await cruiseSources(REPOSITORY);
  });

  it('all imports point in an allowed direction', () => {
    expect(sources.files).toEqual(onDisk);
    expect(sources.files.length).toBeGreaterThan(20);
    expect(sources.arrows.length).toBeGreaterThan(sources.files.length / 2);
    expect(sources.violations).toEqual([]);
  });

  it('includes the contract imports that are checked name by name', async () => {
    const { seen } = await checkContractImports(REPOSITORY);

    expect(sources.arrows.filter((arrow) => CONTRACT_ARROW.test(arrow))).toHaveLength(seen);
  });

  it('there are no files beside the folders but the composition roots', () => {
    const roots = onDisk.filter((file) => file.startsWith('src/') && file.split('/').length === 2);

    expect(['src/app.module.ts', 'src/cli.ts', 'src/leftfold.ts', 'src/main.ts']).toEqual(
      expect.arrayContaining(roots),
    );
  });
});

describe('on a sample with everything that is allowed, and every violation', () => {
  const forbidden = Object.fromEntries(FORBIDDEN.map(([, from, to]) => [from, [to]]));
  const lost = { 'src/users/domain/lost.ts': ['src/users/domain/nowhere.ts'] };
  const others = {
    'src/users/domain/chicken.ts': `import type { Egg } from './egg.js';\nexport type Chicken = { from?: Egg };\n`,
    'src/users/domain/egg.ts': `import type { Chicken } from './chicken.js';\nexport type Egg = { from?: Chicken };\n`,
    'src/users/domain/needs-fast-check.ts': `import fc from 'fast-check';\nexport const it0 = fc;\n`,
    'src/users/domain/needs-fast-check.spec.ts': `import fc from 'fast-check';\nexport const it0 = fc;\n`,
    'src/users/domain/unlisted.ts': `import { Pool } from 'pg-pool';\nexport const it0 = Pool;\n`,
  };
  let sample: Cruise;
  const of = (rule: string) => sample.violations.filter((each) => each.startsWith(`${rule}:`));

  beforeAll(async () => {
    sample = await cruise({ ...ALLOWED, ...forbidden, ...lost }, others);
  });

  it('follows every import', () => {
    const imports = [...Object.values(ALLOWED).flat(), ...FORBIDDEN, 'chicken', 'egg'];

    expect(sample.files).toHaveLength(Object.keys({ ...ALLOWED, ...forbidden, ...lost, ...others }).length);
    expect(sample.arrows).toHaveLength(imports.length);
  });

  it('refuses exactly the imports that the design forbids', () => {
    const rest = ['no-cycle', 'every-import-is-found', 'production-needs-no-dev-dependency'].flatMap(of);

    expect(sample.violations.filter((each) => !rest.includes(each))).toEqual(
      FORBIDDEN.flatMap(([rules, from, to]) =>
        rules.split(' ').map((rule) => `${rule}: ${from} -> ${SOURCES_OF[to] ?? to}`),
      ).toSorted(),
    );
  });

  it('refuses cycles, including type-only ones', () => {
    expect(of('no-cycle')).toEqual([expect.stringMatching(/^no-cycle: src\/users\/domain\/(chicken|egg)\.ts -> /)]);
  });

  it('refuses an import that can’t be resolved', () => {
    expect(of('every-import-is-found')).toEqual(['every-import-is-found: src/users/domain/lost.ts -> ./nowhere.js']);
  });

  it('refuses a package that the built app would not have', () => {
    expect(of('production-needs-no-dev-dependency')).toEqual([
      expect.stringMatching(/^production-needs-no-dev-dependency: src\/users\/domain\/needs-fast-check\.ts -> /),
      expect.stringMatching(/^production-needs-no-dev-dependency: src\/users\/domain\/unlisted\.ts -> /),
    ]);
  });

  it('has a violation for every rule', () => {
    const shown = new Set(sample.violations.map((each) => each.replace(/:.*/, '')));

    expect([...shown].toSorted()).toEqual(rules.forbidden.map(({ name }) => `${name}`).toSorted());
  });
});

async function cruise(imports: Record<string, string[]>, more: Record<string, string>) {
  const sources = Object.entries(imports).map(([path, targets]) => [path, textImporting(path, targets)]);
  const project = await createSampleProject({ ...Object.fromEntries(sources), ...more });
  try {
    return await cruiseSources(project.folder);
  } finally {
    await project.remove();
  }
}
