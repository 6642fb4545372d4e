import { readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { checkPackage, createPackageFromTarballData, Package } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import ts from 'typescript';

const DECODER = new TextDecoder();
/** A link or an image of Markdown. */
const LINK = /\]\(([^)\s]+)\)/g;
/** Ways to resolve a package that ESM-only packages need not support: TypeScript before `exports`, and `require` without Node's `require(esm)`. */
const NOT_FOR_ESM = new Set(['node10', 'node16-cjs']);

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** The files of a package as npm would install them, by path. */
export class Tarball {
  private constructor(private readonly files: ReadonlyMap<string, Uint8Array>) {}

  static async read(path: string): Promise<Tarball> {
    const unpacked = createPackageFromTarballData(new Uint8Array(await readFile(path)));
    const root = `/node_modules/${unpacked.packageName}/`;
    return new Tarball(
      new Map(
        unpacked
          .listFiles()
          .map((file) => [file.slice(root.length), new TextEncoder().encode(unpacked.readFile(file))]),
      ),
    );
  }

  get paths(): string[] {
    return [...this.files.keys()];
  }

  /** The same package with another text in one file; without the file when the text is undefined. */
  with(path: string, text: string | undefined): Tarball {
    const files = new Map(this.files);
    if (text === undefined) files.delete(path);
    else files.set(path, new TextEncoder().encode(text));
    return new Tarball(files);
  }

  /** The same package with other fields in its package.json. */
  withManifest(fields: object): Tarball {
    return this.with('package.json', JSON.stringify({ ...this.manifest, ...fields }));
  }

  get manifest(): Manifest {
    return JSON.parse(this.text('package.json')) as Manifest;
  }

  text(path: string): string {
    const found = this.files.get(path);
    if (!found) throw new Error(`${path} is not in the package.`);
    return DECODER.decode(found);
  }

  /** The output of publint, including suggestions. */
  async lint(): Promise<string[]> {
    const files = [...this.files].map(([path, data]) => ({ name: `package/${path}`, data }));
    const { messages, pkg } = await publint({ pkgDir: 'package', pack: { files } });
    return messages.map((message) => `${message.type}: ${formatMessage(message, pkg, { color: false })}`);
  }

  /** The output of "are the types wrong" for an ESM-only package. */
  async typeProblems(): Promise<string[]> {
    const { name, version } = this.manifest;
    const files = Object.fromEntries([...this.files].map(([path, data]) => [`/node_modules/${name}/${path}`, data]));
    const checked = await checkPackage(new Package(files, name, version));
    if (!checked.types) return [];
    return checked.problems
      .filter((problem) => !('resolutionKind' in problem && NOT_FOR_ESM.has(problem.resolutionKind)))
      .map((problem) => `${problem.kind} ${'entrypoint' in problem ? problem.entrypoint : ''}`.trim());
  }

  /** Invalid imports of its code: missing files, and undeclared packages. */
  wrongImports(): string[] {
    const { name, dependencies, peerDependencies } = this.manifest;
    const allowed = new Set([name, ...Object.keys({ ...dependencies, ...peerDependencies })]);
    return this.paths
      .filter((path) => path.endsWith('.js'))
      .flatMap((path) =>
        importsOf(this.text(path))
          .filter((specifier) =>
            specifier.startsWith('.')
              ? !this.files.has(posix.join(posix.dirname(path), specifier))
              : !specifier.startsWith('node:') && !allowed.has(packageOf(specifier)),
          )
          .map((specifier) => `${path} imports ${specifier}`),
      );
  }

  /** Links of its README that lead to no file of the package. */
  brokenLinks(): string[] {
    return [...this.text('README.md').matchAll(LINK)]
      .map(([, target = '']) => target)
      .filter((target) => !/^(?:[a-z]+:|#)/i.test(target) && !this.files.has(posix.normalize(target.split('#')[0]!)));
  }

  /** Files that users of the package don't need. */
  unneeded(): string[] {
    return this.paths.filter((path) => !WRITTEN.test(path) && UNNEEDED.some((each) => each.test(path)));
  }
}

/** Files of applications that `create-leftfold` makes, including sources and tests. */
const WRITTEN = /^(?:template|postgres|dist\/shop)\//;

const UNNEEDED = [
  /\.(?:[a-z]+-)?spec\.(?:d\.ts|js|ts)$/,
  /\.map$/,
  /(?<!\.d)\.ts$/,
  /\.tsbuildinfo$/,
  /(?:^|\/)(?:tests?|node_modules|coverage|src)\/(?!__at__)/,
  /(?:^|\/)tsconfig[^/]*\.json$/,
];

function importsOf(javaScript: string): string[] {
  return ts
    .preProcessFile(javaScript, true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((specifier) => !builtinModules.includes(specifier));
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
