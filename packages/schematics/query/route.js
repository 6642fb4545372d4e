import { rowAnswer } from '../project/answers.js';
import { addRoute, idParameter, KnownController } from '../project/controllers.js';
import { apiOperation, routePath } from '../project/routes.js';
import { cursorCheck } from './cursor.js';

/** @typedef {import('@angular-devkit/schematics').Tree} Tree */
/** @typedef {import('../project/aggregates.js').KnownAggregate} KnownAggregate */

/**
 * @typedef {object} Question
 * @property {string} name `find-order`
 * @property {'get' | 'find' | 'list'} verb
 * @property {string} className
 * @property {import('../project/read-models.js').KnownReadModel} readModel
 * @property {KnownAggregate | undefined} aggregate undefined when the read model is about several
 */

/**
 * `GET /returns` for a list, `GET /returns/:returnId` for one. Returns its path, and the columns that the answer leaves out.
 * @param {Tree} tree @param {Question} question
 * @param {true | string} route the path, or true for the default
 */
export function addQueryRoute(tree, question, route) {
  const { aggregate } = question;
  const { key, feature } = question.readModel;
  const controller = aggregate ? KnownController.of(tree, aggregate) : KnownController.ofFeature(feature);
  const answer = rowAnswer(tree, question.readModel);
  const path = question.verb === 'list' ? routePath(route, '', undefined) : routePath(route, `:${key}`, key);
  const { text, imports } =
    question.verb === 'list' || !aggregate
      ? listRoute(tree, question, answer)
      : oneRoute(tree, { ...question, aggregate }, answer, controller);
  addRoute(tree, controller, {
    verb: 'Get',
    path,
    bus: 'queries',
    method: question.verb,
    name: question.name,
    text: (called) => text(path && `'${path}'`, called),
    imports: [
      ['ApiOperation', '@nestjs/swagger'],
      ['Get', '@nestjs/common'],
      ['Roles', '../platform/auth/roles.decorator.js'],
      [`${question.className}Query`, `./queries/${question.name}/${question.name}.query.js`],
      ...answer.imports,
      ...imports,
    ],
  });
  return { path, controller, leftOut: answer.leftOut };
}

/** @typedef {ReturnType<typeof rowAnswer>} Answer */
/** @typedef {{ text: (path: string, called: string) => string, imports: (readonly [string, string])[] }} Text */

/** @param {Tree} tree @param {Question & { aggregate: KnownAggregate }} question @param {Answer} answer @param {KnownController} controller @returns {Text} */
function oneRoute(tree, { name, verb, className, readModel, aggregate }, { answer, make }, controller) {
  const { key } = readModel;
  const id = idParameter(tree, controller, key);
  const versioned = readModel.columns.some(({ name }) => name === 'version');
  const find = verb === 'find';
  return {
    text: (path, called) => `
  @Get(${path})
  ${apiOperation(name, `For operators. From the read model ${readModel.name}.`)}
  ${versioned ? '@Versioned()' : ''}
  @Roles('operator')
  @ApiOkResponse({ type: ${answer} })
  @ApiProblems('not-found', '${aggregate.name}-not-found')
  async ${called}(${id.decorator} ${key}: string): Promise<${answer}> {
    const found = await this.queries.execute(new ${className}Query(${key}));
    ${find ? `if (!found) throw ${aggregate.notFound(tree)}(${key});` : ''}
    return ${make}(found);
  }`,
    imports: [
      ['ApiOkResponse', '@nestjs/swagger'],
      ['ApiProblems', '@leftfold/http'],
      ...(versioned ? [/** @type {const} */ (['Versioned', '@leftfold/http'])] : []),
      ...(find ? [/** @type {const} */ ([aggregate.notFoundError, `./domain/${aggregate.name}.errors.js`])] : []),
      ...id.imports,
    ],
  };
}

/** @param {Tree} tree @param {Question} question @param {Answer} answer @returns {Text} */
function listRoute(tree, { name, className, readModel }, { answer, make }) {
  const { feature, key } = readModel;
  const check = cursorCheck(tree, feature, key);
  return {
    text: (path, called) => `
  @Get(${path})
  ${apiOperation(name, `For operators. From the read model ${readModel.name}, in the order of ${readModel.key}.`)}
  @Roles('operator')
  @ApiPage(${answer})
  async ${called}(@Query() { limit, cursor }: ${className}Dto): Promise<Page<${answer}>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, ${check});
    const found = await this.queries.execute(new ${className}Query(after, limit + 1));
    return pageOf(found.map(${make}), limit, ({ ${key} }) => encodeCursor(${key}));
  }`,
    imports: [
      ['Query', '@nestjs/common'],
      ['ApiPage', '@leftfold/http'],
      ['decodeCursor', '@leftfold/http'],
      ['encodeCursor', '@leftfold/http'],
      ['type Page', '@leftfold/http'],
      ['pageOf', '@leftfold/http'],
      [`${className}Dto`, `./queries/${name}/${name}.dto.js`],
      [check, './cursors.js'],
    ],
  };
}
