import { importName } from './imports.js';
import { edit, sourceOf } from './source-files.js';
import { camel, pascal, spaced, withArticle } from './words.js';

/** @typedef {import('@angular-devkit/schematics').Tree} Tree */
/** @typedef {import('./aggregates.js').KnownAggregate} KnownAggregate */
/** @typedef {import('./read-models.js').KnownReadModel} KnownReadModel */

/**
 * Adds the answer of every command, the id. Returns how the controller imports it.
 * @param {Tree} tree @param {KnownAggregate} aggregate
 * @returns {readonly [name: string, from: string]}
 */
export function idAnswer(tree, { feature, name, className, idName }) {
  const format = idName.endsWith('Id') ? "{ format: 'uuid' }" : '';
  const path = open(tree, feature.folder, name);
  const known = sourceOf(tree, path)
    .getClasses()
    .find(
      (each) =>
        each
          .getProperties()
          .map((property) => property.getName())
          .join(' ') === idName,
    );
  const answer = known?.getName() ?? `${className}IdAnswer`;
  if (!known) {
    edit(tree, path, (source) => {
      source.addStatements(`\nexport class ${answer} {\n@ApiProperty(${format})\nreadonly ${idName}: string;\n}\n`);
      importName(source, 'ApiProperty', '@nestjs/swagger');
    });
  }
  return [answer, `./${name}.answer.js`];
}

/**
 * Adds a row's answer class and the function that makes it. Columns with types of the project's own are left out.
 * @param {Tree} tree @param {KnownReadModel} readModel
 */
export function rowAnswer(tree, { feature, name, className, columns }) {
  const stem = name.replace(/-view$/, '');
  const [answer, make] = [`${pascal(stem)}Answer`, `${camel(stem)}Answer`];
  const path = open(tree, feature.folder, stem);
  const imports = [answer, make].map((each) => /** @type {const} */ ([each, `./${stem}.answer.js`]));
  const source = sourceOf(tree, path);
  if (source.getClass(answer) && source.getFunction(make)) return { answer, make, imports, leftOut: [] };

  const told = columns.filter(({ property }) => property !== undefined);
  const names = told.map((column) => column.name).join(', ');
  edit(tree, path, (file) => {
    file.addStatements(`
/** ${withArticle(spaced(stem)).replace(/^a/, 'A')} as the API shows it. */
export class ${answer} {
${told.map((column) => `@ApiProperty(${column.property})\nreadonly ${column.name}: ${column.type};\n`).join('\n')}
}

export function ${make}({ ${names} }: ${className}): ${answer} {
  return { ${names} };
}
`);
    importName(file, 'ApiProperty', '@nestjs/swagger');
    importName(file, `type ${className}`, `./read-models/${name}/${name}.entity.js`);
  });
  return { answer, make, imports, leftOut: columns.filter(({ property }) => property === undefined) };
}

/** @param {Tree} tree @param {string} folder @param {string} stem */
function open(tree, folder, stem) {
  const path = `${folder}/${stem}.answer.ts`;
  if (!tree.exists(path)) tree.create(path, '');
  return path;
}
