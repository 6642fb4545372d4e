import { checkContractImports } from './contract-imports.js';
import { type Cruise, cruiseSources, typeScriptFilesOf } from './cruise-sources.js';
import rules from './rules.mjs';
import { createSampleProject, REPOSITORY, textImporting } from './sample-project.js';

/** Path under src, and the paths that it imports. One of everything that is allowed. */
const ALLOWED: Record<string, string[]> = {
  'main.ts': ['app.module.ts'],
  'cli.ts': ['leftfold.ts'],
  'leftfold.ts': ['app.module.ts', 'users/cli/user.commands.ts'],
  'users/cli/user.commands.ts': [],
  'app.module.ts': ['event-sourcing/index.ts', 'platform/auth/guard.ts', 'users/users.module.ts'],

  'event-sourcing/index.ts': ['event-sourcing/aggregates/aggregate-root.ts'],
  'event-sourcing/aggregates/aggregate-root.ts': [],
  'event-sourcing/aggregates/aggregate-root.spec.ts': ['event-sourcing/testing/given.ts'],
  'event-sourcing/testing/given.ts': ['event-sourcing/aggregates/aggregate-root.ts'],

  'platform/auth/guard.ts': ['event-sourcing/index.ts'],
  'platform/auth/guard.int-spec.ts': ['app.module.ts', 'event-sourcing/testing/given.ts'],

  'users/users.module.ts': ['event-sourcing/index.ts', 'platform/auth/guard.ts', 'users/domain/user.aggregate.ts'],
  'users/users.contract.ts': ['users/domain/user.aggregate.ts'],
  'users/domain/user.aggregate.ts': ['event-sourcing/index.ts'],
  'users/domain/user.aggregate.spec.ts': ['event-sourcing/testing/given.ts', 'users/testing/user.fixtures.ts'],
  'users/testing/user.fixtures.ts': ['event-sourcing/testing/given.ts', 'users/domain/user.aggregate.ts'],

  'orders/sagas/welcome.saga.ts': ['users/users.contract.ts'],
  'orders/read-models/order-view/order-view.projection.ts': ['users/users.contract.ts'],
  'orders/commands/place-order/place-order.handler.ts': ['users/users.contract.ts'],
};

/** Arrows that are not allowed, one file each. */
const FORBIDDEN: [rule: string, from: string, to: string][] = [
  ['kernel-knows-nobody', 'event-sourcing/sagas/knows-a-feature.ts', 'users/users.contract.ts'],
  ['kernel-knows-nobody', 'event-sourcing/sagas/knows-the-platform.ts', 'platform/auth/guard.ts'],
  ['kernel-has-one-door', 'app.module.spec.ts', 'event-sourcing/aggregates/aggregate-root.ts'],
  ['kernel-has-one-door', 'platform/http/back-door.ts', 'event-sourcing/aggregates/aggregate-root.ts'],
  ['kernel-has-one-door', 'orders/domain/back-door.ts', 'event-sourcing/aggregates/aggregate-root.ts'],
  ['kernel-has-one-door', 'orders/domain/back-door.spec.ts', 'event-sourcing/aggregates/aggregate-root.ts'],
  ['platform-knows-no-feature', 'platform/http/knows-a-contract.ts', 'users/users.contract.ts'],
  ['platform-knows-no-feature', 'platform/http/knows-a-module.ts', 'users/users.module.ts'],
  ['features-meet-at-contracts', 'orders/commands/around-the-contract.ts', 'users/domain/user.aggregate.ts'],
  ['features-meet-at-contracts', 'orders/sagas/around-the-contract.ts', 'users/users.module.ts'],
  ['contracts-are-for-sagas-read-models-and-commands', 'orders/domain/too-curious.ts', 'users/users.contract.ts'],
  ['contracts-are-for-sagas-read-models-and-commands', 'orders/orders.contract.ts', 'users/users.contract.ts'],
  ['nobody-imports-an-entry-point', 'users/starts-the-app.ts', 'main.ts'],
  ['nobody-imports-an-entry-point', 'platform/http/starts-the-app.ts', 'cli.ts'],
  ['only-the-programs-import-the-app-module', 'users/knows-everybody.ts', 'app.module.ts'],
  ['only-the-programs-import-the-app-module', 'event-sourcing/knows-everybody.ts', 'app.module.ts'],
  ['tests-stay-out-of-production', 'orders/domain/half-a-test.ts', 'event-sourcing/testing/given.ts'],
  ['tests-stay-out-of-production', 'users/domain/half-a-test.ts', 'users/domain/user.aggregate.spec.ts'],
];

/** The same imports as `checkContractImports` looks at. */
const CONTRACT_ARROW =
  /^src\/([^/]+)\/(?:sagas|read-models|commands)\/\S+(?<!spec\.ts) -> src\/(?!\1\/)[^/]+\/[^/]+\.contract\.ts$/;

describe('in src', () => {
  let onDisk: string[];
  let sources: Cruise;

  beforeAll(async () => {
    onDisk = await typeScriptFilesOf(REPOSITORY);
    sources = await cruiseSources(REPOSITORY);
  });

  it('keeps every arrow in the allowed direction', () => {
    expect(sources.files).toEqual(onDisk);
    expect(sources.files.length).toBeGreaterThan(20);
    expect(sources.arrows.length).toBeGreaterThan(sources.files.length / 2);
    expect(sources.violations).toEqual([]);
  });

  it('sees the imports of contracts that are judged name by name', async () => {
    const { seen } = await checkContractImports(REPOSITORY);

    expect(sources.arrows.filter((arrow) => CONTRACT_ARROW.test(arrow))).toHaveLength(seen);
  });

  it('has nothing beside the folders but the composition roots', () => {
    const roots = onDisk.filter((file) => file.split('/').length === 2);

    expect(['src/app.module.ts', 'src/cli.ts', 'src/leftfold.ts', 'src/main.ts']).toEqual(
      expect.arrayContaining(roots),
    );
  });
});

describe('on a sample that has everything that is allowed, and every violation', () => {
  const forbidden = Object.fromEntries(FORBIDDEN.map(([, from, to]) => [from, [to]]));
  const lost = { 'users/domain/lost.ts': ['users/domain/nowhere.ts'] };
  const others = {
    'users/domain/chicken.ts': `import type { Egg } from './egg.js';\nexport type Chicken = { from?: Egg };\n`,
    'users/domain/egg.ts': `import type { Chicken } from './chicken.js';\nexport type Egg = { from?: Chicken };\n`,
    'users/domain/needs-fast-check.ts': `import fc from 'fast-check';\nexport const it0 = fc;\n`,
    'users/domain/needs-fast-check.spec.ts': `import fc from 'fast-check';\nexport const it0 = fc;\n`,
    'users/domain/unlisted.ts': `import { Pool } from 'pg-pool';\nexport const it0 = Pool;\n`,
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

  it('refuses exactly the arrows that the design forbids', () => {
    const rest = ['no-cycle', 'every-import-is-found', 'production-needs-no-dev-dependency'].flatMap(of);

    expect(sample.violations.filter((each) => !rest.includes(each))).toEqual(
      FORBIDDEN.map(([rule, from, to]) => `${rule}: src/${from} -> src/${to}`).toSorted(),
    );
  });

  it('refuses cycles, also those of types alone', () => {
    expect(of('no-cycle')).toEqual([expect.stringMatching(/^no-cycle: src\/users\/domain\/(chicken|egg)\.ts -> /)]);
  });

  it('refuses an import that leads nowhere', () => {
    expect(of('every-import-is-found')).toEqual(['every-import-is-found: src/users/domain/lost.ts -> ./nowhere.js']);
  });

  it('refuses a package that the built app would not have', () => {
    expect(of('production-needs-no-dev-dependency')).toEqual([
      expect.stringMatching(/^production-needs-no-dev-dependency: src\/users\/domain\/needs-fast-check\.ts -> /),
      expect.stringMatching(/^production-needs-no-dev-dependency: src\/users\/domain\/unlisted\.ts -> /),
    ]);
  });

  it('shows every rule a violation', () => {
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
