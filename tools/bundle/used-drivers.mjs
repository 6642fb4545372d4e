/** TypeORM's drivers for the databases that the application uses. Add a folder of `typeorm/driver` for another one. */
const DRIVERS = ['better-sqlite3', 'postgres'];

/**
 * TypeORM loads the drivers of all databases: 600 KB. A bundle has those of `DRIVERS`.
 *
 * @type {import('esbuild').Plugin}
 */
export const usedDrivers = {
  name: 'used-drivers',
  setup: (build) => {
    const namespace = 'unused-driver';
    build.onResolve({ filter: /^\.\/[^/]+\/\w+Driver$/ }, ({ path, importer }) => {
      const [, folder = ''] = path.split('/');
      if (!/typeorm.driver.DriverFactory\.js$/.test(importer) || DRIVERS.includes(folder)) return undefined;
      return { path: folder, namespace };
    });
    build.onLoad({ filter: /.*/, namespace }, ({ path }) => ({
      contents: `
        class UnusedDriver {
          constructor() {
            throw new Error('This bundle has no driver "${path}". Add it to DRIVERS in tools/bundle/used-drivers.mjs, and build again.');
          }
        }
        module.exports = new Proxy({}, { get: () => UnusedDriver });`,
    }));
  },
};
