import { createRequire } from 'node:module';

/**
 * CommonJS modules that few processes use, by the package that imports them. A bundle has a stub in their place, which loads
 * them from `node_modules` when something is first taken from them: less text to read at each start, and less to run.
 *
 * @type {ReadonlyArray<readonly [owner: string, module: RegExp]>}
 */
const DEFERRED = [
  // 550 KB of phone numbers and formats, of which an application uses some functions, and those at the first request.
  ['class-validator', /^(libphonenumber-js\/max|validator|validator\/lib\/.*)$/],
  // Used for routes that have a JSON schema, and to inject requests.
  ['fastify', /^(@fastify\/ajv-compiler|@fastify\/fast-json-stringify-compiler|light-my-request)$/],
  // Used for the document of the API.
  ['@nestjs/swagger', /^js-yaml$/],
  // Used to find entities by a pattern of file names, and to format a logged statement.
  ['typeorm', /^(tinyglobby|@sqltools\/formatter.*)$/],
];

/** Modules that Fastify calls at its start, for a function that it calls when a route needs it. That call loads them. */
const FACTORIES = /^@fastify\/(ajv-compiler|fast-json-stringify-compiler)$/;

const STUB = 'stub-of-deferred';

/**
 * Replaces the modules of `DEFERRED` by stubs.
 *
 * @type {import('esbuild').Plugin}
 */
export const deferred = {
  name: 'deferred',
  setup: (build) => {
    const namespace = 'deferred';
    build.onResolve({ filter: new RegExp(`^${STUB}$`) }, ({ path }) => ({ path, namespace: STUB }));
    build.onLoad({ filter: /.*/, namespace: STUB }, () => ({ contents: `module.exports = ${makeStub.toString()};` }));
    build.onResolve({ filter: /^[^.]/ }, ({ path, kind, importer }) => {
      if (kind === 'dynamic-import') return undefined;
      const folders = importer.replaceAll('\\', '/');
      const found = DEFERRED.find(([name, module]) => folders.includes(`/node_modules/${name}/`) && module.test(path));
      if (!found) return undefined;
      return { path: `${found[0]}:${path}`, namespace, pluginData: { owner: found[0], path, importer } };
    });
    build.onLoad({ filter: /.*/, namespace }, ({ pluginData: { owner, path, importer } }) => ({
      contents: `
        const { createRequire } = require('node:module');
        const load = () => createRequire(createRequire(__filename).resolve('${owner}'))('${path}');
        module.exports = require('${STUB}')(load, ${JSON.stringify(shapeOf(path, createRequire(importer)(path)))});`,
    }));
  },
};

/** @typedef {{ kind: 'object' | 'function' | 'factory', isDefault: boolean, names: string[] }} Shape */

/**
 * What a stub must know of the module: whether it is a function, and its own `default`, and what else it exports.
 *
 * @param {string} path
 * @param {any} real
 * @returns {Shape}
 */
function shapeOf(path, real) {
  const isDefault = real.default === real;
  const kind = FACTORIES.test(path) ? 'factory' : typeof real === 'function' ? 'function' : 'object';
  const names = [...Object.keys(real), ...(real.__esModule ? ['__esModule'] : [])];
  return { kind, isDefault, names: [...new Set(names)].filter((name) => !(isDefault && name === 'default')) };
}

/**
 * Its text becomes part of a bundle, so it uses nothing of this file.
 *
 * @param {() => any} load
 * @param {Shape} shape
 */
function makeStub(load, { kind, isDefault, names }) {
  /** @type {any} */
  let loaded;
  const real = () => (loaded ??= load());
  const stubs = {
    object: {},
    /** @param {unknown[]} args */
    function: (...args) => real()(...args),
    /** @param {unknown[]} options */
    factory: (...options) => {
      /** @type {Function | undefined} */
      let made;
      return (/** @type {unknown[]} */ ...args) => (made ??= real()(...options))(...args);
    },
  };
  /** @type {Record<string, unknown>} */
  const stub = Object.assign(stubs[kind]);
  if (isDefault) stub.default = stub;
  for (const name of names) {
    if (name === '__esModule') Object.defineProperty(stub, name, { value: true });
    else Object.defineProperty(stub, name, { enumerable: true, get: () => real()[name] });
  }
  return stub;
}
