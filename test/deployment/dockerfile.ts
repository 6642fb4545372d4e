/** An instruction of a Dockerfile, with its lines joined. */
export interface Instruction {
  /** In capitals. */
  readonly name: string;
  readonly text: string;
}

/** Source: Docker, "Dockerfile reference": comments and empty lines count for nothing, a backslash continues a line. */
export function instructionsOf(dockerfile: string): Instruction[] {
  return dockerfile
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\s*\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [, name, text] = /^(\w+)\s+(.*)$/.exec(line)!;
      return { name: name!.toUpperCase(), text: text!.trim() };
    });
}

/** The command of an instruction in exec form, such as `["node", "main.js"]`; undefined in shell form. */
export function commandIn(text: string): string[] | undefined {
  const start = text.indexOf('[');
  if (start < 0) return undefined;
  try {
    return JSON.parse(text.slice(start)) as string[];
  } catch {
    return undefined;
  }
}

/** A name and a version of at least two numbers. */
export const EXACT_IMAGE = /^[\w./-]+:v?\d+\.\d+(\.\d+)?(-[a-z][\w.-]*)?$/;
const SECRET = /SECRET|PASSWORD|TOKEN|_KEY\b/i;
const DOWNLOADERS = /\b(curl|wget)\b/;

/** What breaks a rule, as sentences. */
export function findingsIn(dockerfile: string): string[] {
  const all = instructionsOf(dockerfile);
  const findings: string[] = [];
  const stages = new Set<string>();
  for (const { text } of all.filter(({ name }) => name === 'FROM')) {
    const [image, , alias] = text.split(/\s+/);
    if (!stages.has(image!) && !EXACT_IMAGE.test(image!)) findings.push(`The image ${image} has no exact version.`);
    if (alias) stages.add(alias);
  }
  if (stages.size === 0) findings.push('There is one stage only, so the image has what the build needs.');
  for (const { name, text } of all) {
    if (name === 'ADD') findings.push('ADD fetches and unpacks; use COPY.');
    if ((name === 'ENV' || name === 'ARG') && SECRET.test(text))
      findings.push(`${name} ${text} stores a secret in the image.`);
    if (name === 'WORKDIR' && !text.startsWith('/')) findings.push(`WORKDIR ${text} depends on the one before.`);
    if (name === 'RUN' && /\bsudo\b/.test(text)) findings.push('RUN uses sudo.');
    if (name === 'RUN' && /\bnpm (install|i)\b/.test(text)) findings.push('npm install changes versions; use npm ci.');
  }
  return [...findings, ...findingsInTheLast(all.slice(all.findLastIndex(({ name }) => name === 'FROM')))];
}

/** The last stage is the image. */
function findingsInTheLast(stage: readonly Instruction[]): string[] {
  const findings: string[] = [];
  const last = (name: string): string | undefined => stage.findLast((each) => each.name === name)?.text;
  const user = last('USER');
  if (user === undefined || /^(root|0)\b/.test(user)) findings.push('It runs as root.');
  const command = commandIn(last('CMD') ?? '');
  if (command?.[0] !== 'node') findings.push('CMD does not start node itself, so signals do not reach it.');
  if (last('ENTRYPOINT') !== undefined) findings.push('ENTRYPOINT stands between the signals and node.');
  const health = last('HEALTHCHECK');
  if (health === undefined || health === 'NONE') findings.push('It has no HEALTHCHECK.');
  else if (DOWNLOADERS.test(health) || !commandIn(health))
    findings.push('HEALTHCHECK needs a program that the image lacks.');
  if (stage.some(({ name, text }) => name === 'COPY' && /^\.\s/.test(text)))
    findings.push('It copies the whole folder.');
  if (stage.some(({ name, text }) => name === 'RUN' && /\bnpm\b/.test(text)))
    findings.push('It installs packages in the image.');
  return findings;
}
