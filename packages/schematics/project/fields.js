/** @typedef {import('ts-morph').ClassDeclaration} ClassDeclaration */

/**
 * @typedef {object} Field
 * @property {string} name
 * @property {string} type as written in the source
 * @property {'text' | 'uuid' | 'time' | 'integer' | 'flag' | 'other'} kind how a request sends it; `other` when it
 * can't be guessed
 */

/** The parameters of an event's constructor. @param {ClassDeclaration} event @returns {Field[]} */
export function fieldsOf(event) {
  const [constructor] = event.getConstructors();
  return (constructor?.getParameters() ?? []).map((parameter) => {
    const type = parameter.getTypeNode()?.getText() ?? 'unknown';
    return { name: parameter.getName(), type, kind: kindOf(parameter.getName(), type) };
  });
}

/** @param {string} name @param {string} type @returns {Field['kind']} */
function kindOf(name, type) {
  if (type === 'number') return 'integer';
  if (type === 'boolean') return 'flag';
  if (type !== 'string') return 'other';
  if (/[a-z]At$/.test(name)) return 'time';
  return /[a-z]Id$/.test(name) ? 'uuid' : 'text';
}
