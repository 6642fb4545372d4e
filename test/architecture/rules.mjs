// The rules of docs and design, for dependency-cruiser. To run it by hand:
// npx depcruise src packages/*/src --config test/architecture/rules.mjs

const APPLICATION = '^src/';
/** Sources of the packages. Their tests may import internals. */
const PACKAGES = '^packages/([^/]+)/src/';
const SOURCES = [APPLICATION, PACKAGES];
/** The public files of a package: its `exports`. */
const DOORS = '^packages/[^/]+/src/((testing|conformance|cli)/)?index\\.ts$';
const PLATFORM = '^src/platform/';
/** Any other folder. The group is its name: `$1` in the `to` of a rule. */
const FEATURE = '^src/(?!platform/)([^/]+)/';
const CONTRACT = '^src/[^/]+/[^/]+\\.contract\\.ts$';
const APP_MODULE = '^src/app\\.module\\.ts$';
const ENTRY_POINTS = '^src/(main|cli)\\.ts$';
/** Entry points. They load the application; the command line does so only when a command needs it. */
const COMPOSITION = [ENTRY_POINTS, '^src/leftfold\\.ts$'];
const TESTS = '\\.(int-)?spec\\.ts$|/(testing|conformance)/';

/**
 * The folders of the kernel, top down: a folder imports only folders below it. Folders in one row don't import
 * each other.
 * @type {readonly (string | { readonly beside: readonly string[] })[]}
 */
const KERNEL = [
  'module',
  'operations',
  'recurring',
  { beside: ['sagas', 'side-effects', 'read-models', 'inbox'] },
  'subscriptions',
  'decisions',
  'aggregates',
  'commands',
  'event-log',
  'personal-data',
  'databases',
  'events',
];

/** One rule for each folder of the kernel: it does not import any folder above or beside it. */
const kernelRules = KERNEL.flatMap((row, index) => {
  const above = KERNEL.slice(0, index).flatMap((each) => (typeof each === 'string' ? [each] : each.beside));
  const folders = typeof row === 'string' ? [row] : row.beside;
  return folders.map((folder) => ({
    name: `kernel-points-down-from-${folder}`,
    comment: 'Folders of the kernel point down only; see docs/decisions/0021-one-runner-and-a-delivery-per-kind.md.',
    from: { path: `^packages/core/src/${folder}/`, pathNot: TESTS },
    to: {
      path: `^packages/core/src/(${[...above, ...folders].filter((each) => each !== folder).join('/|')}/|index\\.ts$)`,
    },
  }));
});

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const forbidden = [
  ...kernelRules,
  {
    name: 'kernel-has-named-folders',
    comment: 'A new folder of the kernel gets its place in the list of rules.mjs.',
    from: { path: SOURCES },
    to: {
      path: '^packages/core/src/[^/]+/',
      pathNot: `^packages/core/src/(${[...KERNEL.flatMap((row) => (typeof row === 'string' ? [row] : row.beside)), 'testing', 'conformance'].join('|')})/`,
    },
  },
  {
    name: 'kernel-words-stand-alone',
    comment: 'Files beside the folders of the kernel (errors, telemetry) are used by all of them, so they use none.',
    from: { path: '^packages/core/src/[^/]+\\.ts$', pathNot: ['/index\\.ts$', TESTS] },
    to: { path: '^packages/core/src/[^/]+/' },
  },
  {
    name: 'packages-know-no-application',
    comment: 'A package is usable in any application. Reverse the import.',
    from: { path: PACKAGES },
    to: { path: APPLICATION },
  },
  {
    name: 'packages-point-down',
    comment: 'operations needs http and core, http needs core, core needs none of them.',
    from: { path: '^packages/(core|http)/src/' },
    to: { path: '^packages/(http|operations)/src/', pathNot: '^packages/$1/' },
  },
  {
    name: 'only-applications-need-nats',
    comment: 'The broker is optional. nats needs core, and operations for its command line.',
    from: { path: '^packages/(core|http|operations)/src/' },
    to: { path: '^packages/nats/src/' },
  },
  {
    name: 'only-applications-need-proofs',
    comment: 'Proofs are optional. proofs needs core, and http and operations for its routes and its command line.',
    from: { path: '^packages/(core|http|operations|nats)/src/' },
    to: { path: '^packages/proofs/src/' },
  },
  {
    name: 'packages-have-doors',
    comment: 'Import the package by its name, and export there what is missing.',
    from: { path: SOURCES },
    to: { path: PACKAGES, pathNot: ['^packages/$1/', DOORS] },
  },
  {
    name: 'packages-are-imported-by-name',
    comment: 'Write @leftfold/core and the like: an installed package is nowhere else.',
    from: { path: SOURCES },
    to: { path: PACKAGES, pathNot: '^packages/$1/', dependencyTypesNot: ['aliased', 'undetermined'] },
  },
  {
    name: 'platform-knows-no-feature',
    comment: 'The platform offers; features and app.module.ts take.',
    from: { path: PLATFORM },
    to: { path: FEATURE },
  },
  {
    name: 'features-meet-at-contracts',
    comment: "Import the other feature's *.contract.ts, and re-export there what others may use.",
    from: { path: FEATURE },
    to: { path: FEATURE, pathNot: ['^src/$1/', CONTRACT] },
  },
  {
    name: 'contracts-are-for-sagas-read-models-and-commands',
    comment: 'A controller, an aggregate or a query speaks of its own feature only.',
    from: { path: FEATURE, pathNot: '^src/[^/]+/(sagas|read-models|commands)/' },
    to: { path: CONTRACT, pathNot: '^src/$1/' },
  },
  {
    name: 'nobody-imports-an-entry-point',
    comment: 'main.ts and cli.ts start something as soon as they are loaded.',
    from: { path: SOURCES, pathNot: TESTS },
    to: { path: ENTRY_POINTS },
  },
  {
    name: 'only-the-programs-import-the-app-module',
    comment: 'app.module.ts imports every module, so an importer would do so as well.',
    from: { path: SOURCES, pathNot: [...COMPOSITION, TESTS] },
    to: { path: APP_MODULE },
  },
  {
    name: 'tests-stay-out-of-production',
    comment: 'Specs and testing/ folders are no part of the build.',
    from: { path: SOURCES, pathNot: TESTS },
    to: { path: TESTS, pathNot: 'node_modules/' },
  },
  {
    name: 'production-needs-no-dev-dependency',
    comment:
      'What is loaded stands under "dependencies" of the package.json above, or under "peerDependencies" of a package. The log does without pino-pretty.',
    from: { path: SOURCES, pathNot: [TESTS, '/pretty-lines\\.ts$'] },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only', 'npm-peer'] },
  },
  {
    name: 'no-cycle',
    comment: 'Native ESM crashes on some of them at start, and none can be understood one file at a time.',
    from: { path: SOURCES },
    to: { circular: true },
  },
  {
    name: 'every-import-is-found',
    comment: 'The rules cannot check an import that they cannot follow.',
    from: { path: SOURCES },
    to: { couldNotResolve: true },
  },
];

/** @satisfies {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: forbidden.map((rule) => ({ severity: /** @type {const} */ ('error'), ...rule })),
  options: {
    // Half the time of the default, the TypeScript compiler.
    parser: /** @type {const} */ ('swc'),
    // Type-only imports couple features too.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    // Without these it can't resolve packages that have `exports` instead of `main`.
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      // Each of the default's eleven is looked for in turn.
      extensions: ['.ts', '.js'],
      // Otherwise a source is found at the second attempt.
      extensionAlias: { '.js': ['.ts', '.js'] },
      // What tsconfig.json names is in place, and no rule needs to know where a package really is.
      symlinks: false,
    },
    doNotFollow: { path: 'node_modules/' },
  },
};
