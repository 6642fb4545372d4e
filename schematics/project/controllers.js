import { importName } from './imports.js';
import { registerInModule } from './modules.js';
import { Refusal } from './refusal.js';
import { classOf, edit } from './source-files.js';
import { camel } from './words.js';

/** @typedef {import('@angular-devkit/schematics').Tree} Tree */
/** @typedef {import('./features.js').Feature} Feature */

/**
 * @typedef {object} Route
 * @property {'Get' | 'Post'} verb
 * @property {string} path below the feature's, '' for none
 * @property {'commands' | 'queries'} bus
 * @property {string} method what the controller calls it
 * @property {string} name what it calls it where that is taken, as words between hyphens
 * @property {(method: string) => string} text
 * @property {readonly (readonly [name: string, from: string])[]} imports
 */

const BUSES = { commands: 'CommandBus', queries: 'QueryBus' };

/**
 * Adds a route to the feature's controller, which is made with the first one.
 * @param {Tree} tree @param {Feature} feature @param {Route} route
 */
export function addRoute(tree, feature, { verb, path, bus, method, name, text, imports }) {
  makeController(tree, feature);
  edit(tree, feature.controllerPath, (source) => {
    const controller = classOf(source, feature.controllerClass);
    if (routesOf(controller).includes(`${verb} ${path}`)) {
      const full = `/${feature.name}${path && `/${path}`}`;
      throw new Refusal(`There is ${verb.toUpperCase()} ${full} already. Say another path: -- --route=<path>`);
    }
    const [constructor = controller.addConstructor()] = controller.getConstructors();
    if (!constructor.getParameter(bus)) {
      constructor.insertParameter(bus === 'commands' ? 0 : constructor.getParameters().length, {
        name: bus,
        type: BUSES[bus],
        scope: /** @type {import('ts-morph').Scope} */ ('private'),
        isReadonly: true,
      });
    }
    controller.addMember(`\n${text(controller.getMethod(method) ? camel(name) : method)}\n`);
    for (const each of [/** @type {const} */ ([BUSES[bus], '@nestjs/cqrs']), ...imports]) importName(source, ...each);
  });
}

/**
 * The pipe with which the controller reads an id from its path.
 * @param {Tree} tree @param {Feature} feature @param {string} idName
 * @returns {{ decorator: string, imports: readonly (readonly [string, string])[] }}
 */
export function idParameter(tree, feature, idName) {
  const uuid = {
    decorator: `@Param('${idName}', UuidParam)`,
    imports: [
      ['Param', '@nestjs/common'],
      ['UuidParam', '../platform/http/requests/uuid-param.pipe.js'],
    ],
  };
  const known = tree.exists(feature.controllerPath)
    ? new RegExp(`@Param\\('${idName}', (\\w+)\\)`).exec(tree.readText(feature.controllerPath))
    : null;
  if (known) return { decorator: known[0], imports: [] };
  return idName.endsWith('Id')
    ? /** @type {any} */ (uuid)
    : { decorator: `@Param('${idName}')`, imports: [['Param', '@nestjs/common']] };
}

/** @param {import('ts-morph').ClassDeclaration} controller */
function routesOf(controller) {
  return controller.getMethods().flatMap((method) =>
    method.getDecorators().map((each) => {
      const [path] = each.getArguments();
      return `${each.getName()} ${path?.getText().slice(1, -1) ?? ''}`;
    }),
  );
}

/** @param {Tree} tree @param {Feature} feature */
function makeController(tree, feature) {
  const { name, controllerPath, controllerClass } = feature;
  if (tree.exists(controllerPath)) return;
  tree.create(
    controllerPath,
    `import { Controller } from '@nestjs/common';
     import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';

     @ApiTags('${name}')
     @ApiBearerAuth()
     @Controller('${name}')
     export class ${controllerClass} {}
    `,
  );
  registerInModule(tree, feature, 'controllers', controllerClass, `./${name}.controller.js`);
}
