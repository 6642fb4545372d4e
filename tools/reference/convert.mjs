import { Application, Converter, makeRecursiveVisitor } from 'typedoc';
import { signaturesOf, shownMembers } from './members.mjs';

/**
 * What an index file exports, and the types of the same folder that one has to know to read it.
 * @typedef {import('typedoc').DeclarationReflection} Declaration
 * @typedef {{ declaration: Declaration, file: string, isExported: boolean }} Described `file` is absolute
 */

/**
 * @param {{ entry: string, folder: string, tsconfig: string }} project `folder` is where the types come from
 * @returns {Promise<Described[]>}
 */
export async function convert({ entry, folder, tsconfig }) {
  const app = await Application.bootstrap({
    entryPoints: [entry],
    tsconfig,
    disableGit: true,
    disableSources: true,
    excludeExternals: true,
    excludeInternal: true,
    excludePrivate: false,
    skipErrorChecking: true,
    sort: ['source-order'],
    readme: 'none',
    plugin: [],
    logLevel: 'Error',
    // Types that are not exported are added below.
    validation: { notExported: false },
  });
  /** @type {Set<Declaration>} */
  const exported = new Set();
  app.converter.on(
    Converter.EVENT_RESOLVE_BEGIN,
    (context) => {
      for (const each of context.project.children ?? []) exported.add(each);
      addReferenced(context, folder);
    },
    // After @internal and the like are gone.
    -1_000,
  );
  const project = await app.convert();
  if (!project || app.logger.hasErrors()) throw new Error(`TypeDoc could not read ${entry}; see above.`);
  return (project.children ?? []).map((declaration) => ({
    declaration,
    file: String(project.getSymbolIdFromReflection(declaration)?.fileName),
    isExported: exported.has(declaration),
  }));
}

/**
 * @param {import('typedoc').Context} context
 * @param {string} folder
 */
function addReferenced(context, folder) {
  const { project } = context;
  context.setActiveProgram(context.programs[0]);
  const done = new Set();
  for (let next = project.children; next?.length; next = project.children?.filter((each) => !done.has(each))) {
    for (const declaration of next) {
      done.add(declaration);
      for (const id of missingIn(declaration)) {
        const symbol = id.fileName?.startsWith(folder) ? symbolOf(context, id) : undefined;
        if (symbol && !context.getReflectionFromSymbol(symbol)) {
          context.converter.convertSymbol(context.withScope(project), symbol);
        }
      }
    }
  }
}

/**
 * @param {import('typedoc').Context} context
 * @param {import('typedoc').ReflectionSymbolId} id
 */
function symbolOf(context, { fileName, qualifiedName }) {
  const file = fileName === undefined ? undefined : context.program.getSourceFile(fileName);
  const module = file && context.checker.getSymbolAtLocation(file);
  return module?.exports?.get(/** @type {import('typescript').__String} */ (qualifiedName));
}

/**
 * What the shown part of a declaration refers to and the project does not have.
 * @param {Declaration} declaration
 */
function missingIn(declaration) {
  /** @type {import('typedoc').ReflectionSymbolId[]} */
  const missing = [];
  const visitor = makeRecursiveVisitor({
    reference: (type) => {
      if (!type.reflection && type.symbolId) missing.push(type.symbolId);
    },
    reflection: ({ declaration: inner }) => visit(inner),
  });
  /** @param {Declaration} each */
  function visit(each) {
    each.type?.visit(visitor);
    for (const type of each.extendedTypes ?? []) type.visit(visitor);
    for (const parameter of each.typeParameters ?? []) parameter.type?.visit(visitor);
    for (const signature of signaturesOf(each)) {
      signature.type?.visit(visitor);
      for (const parameter of signature.parameters ?? []) parameter.type?.visit(visitor);
      for (const parameter of signature.typeParameters ?? []) parameter.type?.visit(visitor);
    }
    for (const member of shownMembers(each)) visit(member);
  }
  visit(declaration);
  return missing;
}
