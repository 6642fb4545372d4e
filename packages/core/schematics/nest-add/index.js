import { NodePackageInstallTask } from '@angular-devkit/schematics/tasks/index.js';
import { importEventSourcing } from './app-module.js';
import { removeCqrsModules, usesCqrs } from './cqrs-modules.js';
import { ignoreFolder } from './git-ignore.js';
import { addPackages } from './packages.js';
import { enableShutdownHooks } from './shutdown-hooks.js';
import { sourcesIn } from './sources.js';

/** @typedef {import('@angular-devkit/schematics').Rule} Rule */

/**
 * @typedef {object} Options
 * @property {'sqlite' | 'postgres'} [database]
 * @property {string} [sourceRoot]
 * @property {string} [module] the file of the root module, below the source root
 * @property {boolean} [skipInstall]
 */

const DEFAULT_URLS = {
  sqlite: 'sqlite:./data/events.sqlite',
  postgres: 'postgres://postgres@127.0.0.1:5432/postgres',
};

const TAKEN_OVER = 'so that another node takes over at once when this one stops';
/** @type {Record<ReturnType<typeof enableShutdownHooks>, (main: string) => string[]>} */
const HOOKS_SAID = {
  there: () => [],
  added: (main) => [`${main} calls app.enableShutdownHooks() now, ${TAKEN_OVER}`],
  unknown: (main) => [
    `call app.enableShutdownHooks() where the application is made (not found in ${main}), ${TAKEN_OVER}`,
  ],
};

/**
 * `nest add @leftfold/core`: packages, the root module, and what stands in the way. What is done already is left alone, so a second run
 * changes nothing. When something can't be done, nothing is written.
 * @param {Options} options
 * @returns {Rule}
 */
export function nestAdd({ database = 'sqlite', sourceRoot = 'src', module = 'app.module.ts', skipInstall = false }) {
  return (tree, context) => {
    const sources = sourcesIn(tree, sourceRoot);
    const url = DEFAULT_URLS[database];
    const addsPackages = addPackages(tree, database);
    const imported = importEventSourcing(tree, sources, `${sourceRoot}/${module}`, {
      url,
      eventsInMemory: usesCqrs(tree, sources),
    });
    const cleaned = removeCqrsModules(tree, sources);
    if (database === 'sqlite') ignoreFolder(tree, 'data/');
    if (addsPackages && !skipInstall) context.addTask(new NodePackageInstallTask());

    const main = `${sourceRoot}/main.ts`;
    const hooks = enableShutdownHooks(tree, main);
    sayAtTheEnd(context, [
      ...(imported
        ? [`the event log is ${url}; EVENTS_URL names another one, and forRootAsync takes it from your settings`]
        : []),
      ...cleaned.map(
        (path) => `${path} imports CqrsModule no more: EventSourcingModule brings the buses for all modules`,
      ),
      ...HOOKS_SAID[hooks](main),
      'begin a feature: npx nest g -c @leftfold/schematics feature <name>',
    ]);
  };
}

/**
 * After the list of files, which the command line prints when all is written.
 * @param {import('@angular-devkit/schematics').SchematicContext} context
 * @param {readonly string[]} lines
 */
function sayAtTheEnd({ logger }, lines) {
  process.once('exit', (code) => {
    if (code === 0) logger.info(['Next:', ...lines.map((line) => `- ${line}`)].join('\n'));
  });
}
