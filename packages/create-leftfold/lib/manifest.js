/**
 * @typedef {object} Manifest
 * @property {string} name
 * @property {Record<string, string>} dependencies
 * @property {Record<string, string>} [devDependencies]
 * @property {Record<string, boolean>} [allowScripts]
 * @property {Record<string, unknown>} [overrides]
 */

/** The driver of each database, and the other database's driver. */
const DRIVERS = { sqlite: 'better-sqlite3', postgres: 'pg' };

/**
 * The package.json of an application with one database: the other database's driver is left out.
 *
 * @param {Manifest} manifest with both drivers
 * @param {'sqlite' | 'postgres'} database
 * @returns {Manifest}
 */
export function forDatabase(manifest, database) {
  const other = DRIVERS[database === 'sqlite' ? 'postgres' : 'sqlite'];
  const { [other]: _driver, ...dependencies } = manifest.dependencies;
  const { [other]: _script, ...allowScripts } = manifest.allowScripts ?? {};
  const { overrides, ...others } = manifest;
  // Both are needed by better-sqlite3 only.
  return { ...others, allowScripts, dependencies, ...(overrides && database === 'sqlite' ? { overrides } : {}) };
}

/**
 * @param {Manifest} manifest
 * @param {string} name
 * @param {string} version of the Leftfold packages; later compatible versions are allowed too
 * @returns {Manifest}
 */
export function named(manifest, name, version) {
  /** @param {Record<string, string>} [ranges] */
  const withVersion = (ranges = {}) =>
    Object.fromEntries(
      Object.entries(ranges).map(([each, range]) => [each, each.startsWith('@leftfold/') ? `^${version}` : range]),
    );
  return {
    ...manifest,
    name,
    dependencies: withVersion(manifest.dependencies),
    devDependencies: withVersion(manifest.devDependencies),
  };
}
