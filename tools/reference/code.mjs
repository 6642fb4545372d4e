import { ReflectionKind } from 'typedoc';
import { format } from 'prettier';

/**
 * @typedef {import('typedoc').DeclarationReflection} Declaration
 * @typedef {import('typedoc').SignatureReflection} Signature
 */

/**
 * `name<T>(parameter: Type): Answer`
 * @param {Signature} signature
 * @param {string} name
 */
export function callOf({ parameters, typeParameters, type }, name) {
  return `${name}${typeParametersOf(typeParameters)}(${listed(parameters)}): ${typeOf(type)}`;
}

/**
 * @param {readonly import('typedoc').ParameterReflection[]} [parameters]
 * @returns {string}
 */
function listed(parameters = []) {
  const each = parameters.map(({ name, flags, defaultValue, type }) => {
    const optional = flags.isOptional || defaultValue !== undefined ? '?' : '';
    // What is taken apart has no name; an underscore tells the linter that this class does not use it.
    const spelled = name === '__namedParameters' ? 'options' : name.replace(/^_/, '');
    return `${flags.isRest ? '...' : ''}${spelled}${optional}: ${typeOf(type)}`;
  });
  return each.join(', ');
}

/**
 * TypeDoc's own spelling leaves out `new` and type parameters.
 * @param {import('typedoc').SomeType | undefined} type
 * @returns {string}
 */
function typeOf(type) {
  const [signature, ...others] = type?.type === 'reflection' ? (type.declaration.signatures ?? []) : [];
  if (!signature || others.length > 0) return String(type);
  const { kind, parameters, typeParameters } = signature;
  const before = kind === ReflectionKind.ConstructorSignature ? 'new ' : '';
  return `${before}${typeParametersOf(typeParameters)}(${listed(parameters)}) => ${String(signature.type)}`;
}

/**
 * `<T extends Type = Default>`
 * @param {readonly import('typedoc').TypeParameterReflection[]} [parameters]
 */
export function typeParametersOf(parameters) {
  if (!parameters?.length) return '';
  const each = parameters.map(({ name, type, default: otherwise }) => {
    return `${name}${type ? ` extends ${String(type)}` : ''}${otherwise ? ` = ${String(otherwise)}` : ''}`;
  });
  return `<${each.join(', ')}>`;
}

/**
 * The declaration in TypeScript, formatted. Undefined for a class or interface: its members tell it.
 * @param {Declaration} declaration
 */
export async function codeOf({ kind, name, type, typeParameters, signatures: [signature] = [] }) {
  if (signature) return pretty(`function ${callOf(signature, name)};`);
  if (kind === ReflectionKind.TypeAlias) {
    return pretty(`type ${name}${typeParametersOf(typeParameters)} = ${typeOf(type)};`);
  }
  return undefined;
}

/**
 * The call of a method or constructor, with what stands before it.
 * @param {Declaration} member
 */
export async function codeOfMember({ kind, name, flags, signatures = [] }) {
  const before = `${flags.isStatic ? 'static ' : ''}${flags.isProtected ? 'protected ' : ''}${flags.isAbstract ? 'abstract ' : ''}`;
  const calls = signatures.map((signature) => {
    if (kind === ReflectionKind.Constructor) return `constructor(${listed(signature.parameters)});`;
    return `${before}${callOf(signature, name)};`;
  });
  // Members stand in a class; this one is only here for Prettier.
  const formatted = await pretty(`declare abstract class It {\n${calls.join('\n')}\n}`);
  return formatted
    .split('\n')
    .slice(1, -1)
    .map((line) => line.slice(2))
    .join('\n');
}

/** @param {string} code */
async function pretty(code) {
  const formatted = await format(code, {
    parser: 'typescript',
    singleQuote: true,
    trailingComma: 'all',
    printWidth: 120,
  });
  return formatted.trim();
}
