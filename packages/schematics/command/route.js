import { idAnswer } from '../project/answers.js';
import { addRoute, idParameter, KnownController } from '../project/controllers.js';
import { apiOperation, routePath } from '../project/routes.js';
import { kebab } from '../project/words.js';
import { NOW } from './decision.js';

/** @typedef {import('@angular-devkit/schematics').Tree} Tree */
/** @typedef {import('../project/aggregates.js').KnownAggregate} KnownAggregate */
/** @typedef {import('./decision.js').Decision} Decision */

/**
 * `POST /returns` for a command that creates an aggregate, `POST /returns/:returnId/approve` for a later one.
 * @param {Tree} tree @param {KnownAggregate} aggregate
 * @param {Decision & { className: string }} decision
 * @param {readonly string[]} asked names of the DTO's fields
 * @param {true | string} route the path, or true for the default
 * @returns the path and where it is
 */
export function addCommandRoute(tree, aggregate, { name, className, method, creates, takes }, asked, route) {
  const { idName } = aggregate;
  const controller = KnownController.of(tree, aggregate);
  const path = creates ? routePath(route, '', undefined) : routePath(route, `:${idName}/${kebab(method)}`, idName);
  const [answer, answerFrom] = idAnswer(tree, aggregate);
  const id = idParameter(tree, controller, idName);
  const makesId = creates && !path.split('/').includes(`:${idName}`);

  const body = `@Body() ${asked.length > 0 ? `{ ${asked.join(', ')} }` : '_body'}: ${className}Dto`;
  const told = [makesId ? 'uuidv7()' : idName, ...takes.map((each) => (each.name === NOW ? 'new Date()' : each.name))];
  addRoute(tree, controller, {
    verb: 'Post',
    path,
    bus: 'commands',
    method,
    name,
    text: (called) => `
  @Post(${path && `'${path}'`})
  ${apiOperation(name, 'For operators.')}
  ${creates ? '' : '@HttpCode(200)'}
  @Roles('operator')
  ${creates ? `@ApiCreatedResponse({ type: ${answer} })` : `@ApiOkResponse({ type: ${answer} })`}
  ${creates ? '' : `@ApiProblems('not-found', '${aggregate.name}-not-found')\n@ApiProblems('version-conflict', 'version-conflict')`}
  ${called}(${[...(makesId ? [] : [`${id.decorator} ${idName}: string`]), body].join(', ')}): Promise<${answer}> {
    return this.commands.execute(new ${className}Command(${told.join(', ')}));
  }`,
    imports: [
      ['ApiOperation', '@nestjs/swagger'],
      ['Body', '@nestjs/common'],
      ['Post', '@nestjs/common'],
      ['Roles', '../platform/auth/roles.decorator.js'],
      [answer, answerFrom],
      [`${className}Command`, `./commands/${name}/${name}.command.js`],
      [`${className}Dto`, `./commands/${name}/${name}.dto.js`],
      ...(makesId ? [/** @type {const} */ (['v7 as uuidv7', 'uuid'])] : id.imports),
      ...(creates ? CREATED : CHANGED),
    ],
  });
  return { path, controller };
}

const CREATED = [/** @type {const} */ (['ApiCreatedResponse', '@nestjs/swagger'])];

const CHANGED = [
  /** @type {const} */ (['HttpCode', '@nestjs/common']),
  /** @type {const} */ (['ApiOkResponse', '@nestjs/swagger']),
  /** @type {const} */ (['ApiProblems', '@leftfold/http']),
];
