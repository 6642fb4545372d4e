/**
 * What a page of the reference describes, and in which order.
 * @typedef {object} PagePlan
 * @property {string} file below docs/reference
 * @property {string} folder of the sources, from the repository's root
 * @property {string} entry within that folder: what it exports is described
 * @property {string} introduction Markdown, with the heading of the page
 * @property {readonly Topic[]} topics the sections, in order
 */

/**
 * A declaration belongs to the first topic that names its file or one of its folders.
 * @typedef {{ title: string, about: string, paths: readonly string[] }} Topic `paths` within the folder, without `.ts`
 */

/**
 * @param {PagePlan} plan
 * @param {string} path of a source file within the plan's folder, without `.ts`
 * @throws Error when no topic has it
 */
export function topicOf({ topics, folder, file }, path) {
  const found = topics.find(({ paths }) => paths.some((each) => path === each || path.startsWith(`${each}/`)));
  if (!found)
    throw new Error(`No topic has ${folder}/${path}.ts. Add it to the plan of ${file} in tools/reference/pages.`);
  return found;
}
