import { ReflectionKind } from 'typedoc';

/** @typedef {import('typedoc').DeclarationReflection} Declaration */

/**
 * What a reader may call or override: no private members, nothing inherited, no constructor that Nest alone calls.
 * @param {Declaration} declaration
 * @returns {Declaration[]}
 */
export function shownMembers(declaration) {
  const members = declaration.children ?? [];
  const isPrivate = new Set(members.filter(({ flags }) => flags.isPrivate).map(({ name }) => name));
  return members.filter((member) => {
    if (member.flags.isPrivate || member.inheritedFrom) return false;
    // The name of a symbol, by which the kernel alone reaches in.
    if (member.name.startsWith('[')) return false;
    if (member.kind !== ReflectionKind.Constructor) return true;
    if (isError(declaration) && !declaration.flags.isAbstract) return false;
    const parameters = member.signatures?.[0]?.parameters ?? [];
    return parameters.length > 0 && !parameters.some(({ name }) => isPrivate.has(name));
  });
}

/**
 * @param {Declaration} declaration
 * @returns {boolean}
 */
export function isError(declaration) {
  return (declaration.extendedTypes ?? []).some(
    (type) =>
      type.type === 'reference' &&
      (type.name === 'Error' ||
        (type.reflection !== undefined && isError(/** @type {Declaration} */ (type.reflection)))),
  );
}

/**
 * @param {Declaration} declaration
 * @returns {import('typedoc').SignatureReflection[]}
 */
export function signaturesOf(declaration) {
  return [...(declaration.signatures ?? []), ...(declaration.getSignature ? [declaration.getSignature] : [])];
}
