import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate, step, type Step } from '../../tools/generators/generate.js';
import { skeletonOf } from '../../tools/generators/skeleton.js';

const SOURCES = join(import.meta.dirname, '..', '..', 'src');
const FEATURES = ['inventory', 'orders', 'users'];

/** A slice of `src`, and how a similar one is generated. */
interface Slice {
  readonly feature: string;
  /** Its name, `cancel-order`. */
  readonly name: string;
  readonly generated: Step;
  /** The name that is generated instead, `compare-order`. */
  readonly stem: string;
  /** Its files, named relative to `src`. */
  readonly files: readonly string[];
}

/** All existing slices by kind. Their names in the middle of each list are the models for the rest of this file. */
const SLICES: Readonly<Record<string, readonly Slice[]>> = {
  feature: FEATURES.map((name) =>
    slice(name, name, 'feature compared', 'compareds', [`${name}.module.ts`, 'README.md']),
  ),
  aggregate: each('domain', /^(.+)\.aggregate\.ts$/).map(({ feature, name }) =>
    slice(feature, name, `aggregate ${feature}/compared`, 'compared', [
      `domain/${name}.aggregate.ts`,
      `domain/${name}.aggregate.spec.ts`,
      `domain/${name}.errors.ts`,
      `events/${name}.events.ts`,
      `testing/${name}.fixtures.ts`,
    ]),
  ),
  event: each('events', /^(.+)\.event\.ts$/).map(({ feature, name }) =>
    slice(feature, name, `event ${feature}/${name.split('-')[0]}-compared`, `${name.split('-')[0]}-compared`, [
      `events/${name}.event.ts`,
    ]),
  ),
  command: each('commands').map(({ feature, name }) => {
    const files = filesIn(feature, `commands/${name}`);
    const route = files.some((file) => file.endsWith('.dto.ts')) ? { path: '--route=compared' } : {};
    return slice(feature, name, `command ${feature}/compare-it`, 'compare-it', files, route);
  }),
  query: each('queries')
    .filter(({ feature, name }) => answersFromAReadModel(feature, name))
    .map(({ feature, name }) => {
      const [verb = ''] = name.split('-');
      const stem = verb === 'list' ? 'list-compareds' : `${verb}-compared`;
      return slice(feature, name, `query ${feature}/${stem}`, stem, filesIn(feature, `queries/${name}`));
    }),
  'read-model': each('read-models')
    .filter(({ feature, name }) =>
      filesIn(feature, `read-models/${name}`).some((file) => file.endsWith(`/${name}.entity.ts`)),
    )
    .map(({ feature, name }) =>
      slice(
        feature,
        name,
        `read-model ${feature}/compared-view`,
        'compared-view',
        filesIn(feature, `read-models/${name}`),
      ),
    ),
  saga: each('sagas', /^(.+)\.saga\.ts$/).map(({ feature, name }) =>
    slice(feature, name, `saga ${feature}/compared`, 'compared', [
      `sagas/${name}.saga.ts`,
      `sagas/${name}.saga.spec.ts`,
    ]),
  ),
  'side-effect': each('side-effects').map(({ feature, name }) =>
    slice(feature, name, `side-effect ${feature}/compared`, 'compared', [
      `side-effects/${name}/${name}.handler.ts`,
      `side-effects/${name}/${name}.handler.spec.ts`,
    ]),
  ),
};
const ALL = Object.entries(SLICES).flatMap(([kind, slices]) => slices.map((one) => ({ kind, ...one })));

/** Slices with a different structure, and why. */
const OTHERWISE: Readonly<Record<string, readonly string[]>> = {
  // Its id is a SKU, and is named so.
  'inventory/product': ['ProductNotFoundError: withId()'],
  // Only the start of the application sends it.
  'users/register-first-operator': [
    'kernel StoredCommand',
    'RegisterFirstOperatorCommand: @StoredCommand',
    'kernel AggregateRepository',
  ],
  // Sent over HTTP, with everything in the path.
  'users/grant-role': ['kernel StoredCommand', 'GrantRoleCommand: @StoredCommand'],
  'users/revoke-role': ['kernel StoredCommand', 'RevokeRoleCommand: @StoredCommand', 'kernel AggregateRepository'],
  'users/notice-wrong-sign-ins': ['kernel StoredCommand', 'NoticeWrongSignInsCommand: @StoredCommand'],
  'users/end-session': ['kernel StoredCommand', 'EndSessionCommand: @StoredCommand'],
  'users/end-sessions': ['kernel StoredCommand', 'EndSessionsCommand: @StoredCommand'],
  // Their rules span several users.
  'users/change-email': ['kernel AggregateRepository'],
  'users/change-username': ['kernel AggregateRepository'],
  'users/register-user': ['kernel AggregateRepository'],
  // It asks for the certificate of a forgetting.
  'users/forget-user': ['kernel AggregateRepository'],
  // It needs nothing but the event.
  'users/erased-credentials': ['kernel EventContext'],
  // They share the replacement of a password.
  'users/change-password': ['kernel AggregateRepository'],
  'users/reset-password': ['kernel AggregateRepository'],
};

/** There is one saga and one side effect, so their own needs are not part of the house style. */
const OF_ITS_OWN = [
  ...['rxjs mergeMap', 'kernel cancelScheduled', 'kernel orElse', 'kernel scheduled'].map(
    (name) => `*.saga.ts: ${name}`,
  ),
  '*.handler.ts: kernel Retry',
  '*.handler.ts: *Handler: @Retry',
  ...['*.saga.ts: *Saga', '*.handler.ts: *Handler'].map((file) => `${file}: constructor(private readonly)`),
];

const generatedTexts = new Map<string, Readonly<Record<string, string>>>();

beforeAll(async () => {
  for (const { generated } of ALL) {
    const key = keyOf(generated);
    if (generatedTexts.has(key)) continue;
    const { files, refusal } = await generate(generated);
    if (refusal !== null) throw new Error(`Not generated: ${refusal}`);
    generatedTexts.set(key, files);
  }
});

it('finds slices of every kind', () => {
  expect(Object.entries(SLICES).map(([kind, slices]) => [kind, slices.length])).toEqual([
    ['feature', 3],
    ['aggregate', 3],
    ['event', 25],
    ['command', 26],
    ['query', 8],
    ['read-model', 3],
    ['saga', 1],
    ['side-effect', 4],
  ]);
});

describe.each(ALL)('$kind $feature/$name', (one) => {
  it('has the files that are generated', () => {
    const called = Object.keys(textsFor(one)).filter((path) => path.startsWith(`src/${one.feature}/`));

    expect(called.length).toBeGreaterThan(0);
    expect(called.filter((path) => !isOptional(path) && !exists(path))).toEqual([]);
  });

  it('has the structure that is generated', () => {
    const missing = Object.entries(textsFor(one)).flatMap(([path, text]) => {
      if (!path.endsWith('.ts') || path.endsWith('spec.ts') || !exists(path)) return [];
      const [expected, actual] = [skeletonOf(text), skeletonOf(textOf(path))];
      return [
        ...expected.imports.filter((part) => !actual.imports.includes(part)),
        ...expected.parts.filter((part) => !actual.parts.includes(part)),
      ];
    });

    expect(missing).toEqual(OTHERWISE[`${one.feature}/${one.name}`] ?? []);
  });
});

describe.each(Object.keys(SLICES))('what all slices of the kind %s have in common', (kind) => {
  const slices = SLICES[kind]!;
  const [first] = slices;

  it('is generated: files', () => {
    const common = inAll(slices.map(({ name, files }) => files.map((file) => endingOf(file, name))));
    const generated = Object.keys(textsFor(first!)).map((path) => endingOf(path, first!.name));

    expect(common.length).toBeGreaterThan(0);
    expect(common.filter((ending) => !generated.includes(ending))).toEqual([]);
  });

  it('is generated: their building blocks', () => {
    const common = inAll(slices.map(builtOf)).filter((part) => !OF_ITS_OWN.includes(part));
    const generated = Object.entries(textsFor(first!)).flatMap(([path, text]) => partsOf(path, text, first!.name));

    expect(common.length).toBeGreaterThan(0);
    expect(common.filter((part) => !generated.includes(part))).toEqual([]);
  });
});

function inAll(lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists[0])].filter((one) => lists.every((list) => list.includes(one)));
}

function builtOf({ feature, name, files }: Slice): string[] {
  return files
    .map((file) => `src/${feature}/${file}`)
    .filter((path) => exists(path))
    .flatMap((path) => partsOf(path, textOf(path), name));
}

/** By file, without the slice's own name. */
function partsOf(path: string, text: string, name: string): string[] {
  if (!path.endsWith('.ts') || path.endsWith('spec.ts')) return [];
  const { imports, parts } = skeletonOf(text);
  return [...imports, ...parts].map((part) => `${endingOf(path, name)}: ${part.replaceAll(pascal(name), '*')}`);
}

/** The generated files, with the slice's name in place of the generated one. */
function textsFor({ generated, stem, name }: Slice): Record<string, string> {
  const texts = generatedTexts.get(keyOf(generated)) ?? {};
  const own = Object.entries(texts).filter(([path]) => path.includes(stem));
  return Object.fromEntries(own.map(([path, text]) => [renamed(path, stem, name), renamed(text, stem, name)] as const));
}

function renamed(text: string, from: string, to: string): string {
  return text.replaceAll(from, to).replaceAll(pascal(from), pascal(to)).replaceAll(upper(from), upper(to));
}

function slice(
  feature: string,
  name: string,
  line: string,
  stem: string,
  files: readonly string[],
  options: Readonly<Record<string, unknown>> = {},
): Slice {
  return { feature, name, generated: step(line, options), stem, files };
}

/** The entries of a folder of each feature, by the name that the pattern extracts. */
function each(folder: string, pattern = /^(.+)$/): { feature: string; name: string }[] {
  return FEATURES.flatMap((feature) =>
    entriesOf(`${feature}/${folder}`).flatMap((entry) => {
      const [, name] = pattern.exec(entry) ?? [];
      return name === undefined ? [] : [{ feature, name }];
    }),
  );
}

function filesIn(feature: string, folder: string): string[] {
  return entriesOf(`${feature}/${folder}`).map((file) => `${folder}/${file}`);
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(join(SOURCES, folder)).toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Queries that read the log, for history, are written by hand. */
function answersFromAReadModel(feature: string, name: string): boolean {
  return /@ReadsFrom\(\w/.test(textOf(`src/${feature}/queries/${name}/${name}.query.ts`));
}

/** Handlers of commands and queries are tested over HTTP here; a migration has a time in its name. */
function isOptional(path: string): boolean {
  return path.endsWith('.handler.spec.ts') || path.includes('/migrations/');
}

function exists(path: string): boolean {
  return entriesOf(join(path, '..').slice('src/'.length)).includes(path.slice(path.lastIndexOf('/') + 1));
}

function textOf(path: string): string {
  return readFileSync(join(SOURCES, '..', path), 'utf8');
}

function endingOf(path: string, name: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(name, '*');
}

function keyOf({ generator, options }: Step): string {
  return JSON.stringify([generator, options]);
}

function pascal(name: string): string {
  return name.replaceAll(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
}

function upper(name: string): string {
  return name.replaceAll('-', '_').toUpperCase();
}
