import { Scope } from 'ts-morph';
import { importName } from './imports.js';
import { registerInModule } from './modules.js';
import { Refusal } from './refusal.js';
import { classOf, edit } from './source-files.js';
import { camel, pascal, plural } from './words.js';

/** @typedef {import('@angular-devkit/schematics').Tree} Tree */
/** @typedef {import('./features.js').Feature} Feature */

/**
 * @typedef {object} Route
 * @property {'Get' | 'Post'} verb
 * @property {string} path below the feature's, '' for none
 * @property {'commands' | 'queries'} bus
 * @property {string} method its name on the controller
 * @property {string} name its name when that is taken, as words between hyphens
 * @property {(method: string) => string} text
 * @property {readonly (readonly [name: string, from: string])[]} imports
 */

const BUSES = { commands: 'CommandBus', queries: 'QueryBus' };

/** The controller of an aggregate, or else of its feature. It may not exist yet. */
export class KnownController {
  /** @param {Feature} feature @param {string} name as in its path, `orders` */
  constructor(feature, name) {
    this.feature = feature;
    this.name = name;
    this.className = `${pascal(name)}Controller`;
    this.path = `${feature.folder}/${name}.controller.ts`;
  }

  /** @param {Tree} tree @param {import('./aggregates.js').KnownAggregate} aggregate */
  static of(tree, { feature, name }) {
    const own = new KnownController(feature, plural(name));
    return tree.exists(own.path) ? own : KnownController.ofFeature(feature);
  }

  /** @param {Feature} feature */
  static ofFeature(feature) {
    return new KnownController(feature, feature.name);
  }
}

/**
 * Adds a route to a controller, and creates the controller if necessary.
 * @param {Tree} tree @param {KnownController} controller @param {Route} route
 */
export function addRoute(tree, controller, { verb, path, bus, method, name, text, imports }) {
  if (!tree.exists(controller.path)) make(tree, controller);
  edit(tree, controller.path, (source) => {
    const target = classOf(source, controller.className);
    if (routesOf(target).includes(`${verb} ${path}`)) {
      const full = `/${controller.name}${path && `/${path}`}`;
      throw new Refusal(`There is ${verb.toUpperCase()} ${full} already. Choose another path: route=<path>`);
    }
    const [constructor = target.addConstructor()] = target.getConstructors();
    if (!constructor.getParameter(bus)) {
      constructor.insertParameter(bus === 'commands' ? 0 : constructor.getParameters().length, {
        name: bus,
        type: BUSES[bus],
        scope: Scope.Private,
        isReadonly: true,
      });
    }
    target.addMember(`\n${text(target.getMethod(method) ? camel(name) : method)}\n`);
    for (const each of [/** @type {const} */ ([BUSES[bus], '@nestjs/cqrs']), ...imports]) importName(source, ...each);
  });
}

/**
 * How the controller reads an id from its path.
 * @param {Tree} tree @param {KnownController} controller @param {string} idName
 * @returns {{ decorator: string, imports: readonly (readonly [string, string])[] }}
 */
export function idParameter(tree, { path }, idName) {
  const known = tree.exists(path) ? new RegExp(`@Param\\('${idName}', \\w+\\)`).exec(tree.readText(path)) : null;
  if (known) return { decorator: known[0], imports: [] };
  if (!idName.endsWith('Id')) return { decorator: `@Param('${idName}')`, imports: [PARAM] };
  return { decorator: `@Param('${idName}', UuidParam)`, imports: [PARAM, UUID_PARAM] };
}

const PARAM = /** @type {const} */ (['Param', '@nestjs/common']);
const UUID_PARAM = /** @type {const} */ (['UuidParam', '@leftfold/http']);

/** @param {import('ts-morph').ClassDeclaration} controller */
function routesOf(controller) {
  return controller.getMethods().flatMap((method) =>
    method.getDecorators().map((each) => {
      const [path] = each.getArguments();
      return `${each.getName()} ${path?.getText().slice(1, -1) ?? ''}`;
    }),
  );
}

/** @param {Tree} tree @param {KnownController} controller */
function make(tree, { feature, name, path, className }) {
  tree.create(
    path,
    `import { Controller } from '@nestjs/common';
     import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';

     @ApiTags('${name}')
     @ApiBearerAuth()
     @Controller('${name}')
     export class ${className} {}
    `,
  );
  registerInModule(tree, feature, 'controllers', className, `./${name}.controller.js`);
}
