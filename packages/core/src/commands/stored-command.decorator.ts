import type { Constructor } from '../constructor.js';
import { SetupError } from '../errors.js';
import type { JsonObject } from '../events/json.js';

/** The class of a command. */
export type CommandClass<C extends object = object> = Constructor<C>;

/** Converts the data of one version of a command to the next when it is read. A command can't be dropped or split. */
export type CommandUpcaster = (data: JsonObject) => JsonObject | undefined;

/** Further options of `@StoredCommand`. */
export interface StoredCommandOptions {
  /** One for each earlier version: `{ 1: (data) => ... }` turns version 1 into version 2. */
  readonly upcasters?: Readonly<Record<number, CommandUpcaster>>;
}

export interface CommandDescriptor {
  readonly commandClass: CommandClass;
  readonly name: string;
  readonly version: number;
  readonly upcasters: Readonly<Record<number, CommandUpcaster>>;
}

const descriptors = new WeakMap<object, CommandDescriptor>();
const NAME = /^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/;

/**
 * Gives a stored name to a command that a saga may emit. The command is stored and executed later, maybe by another
 * process or a later version of the program. Write the name, `<feature>.<what-to-do>`, as a literal; it never changes
 * with the class. Plain JSON values only. The constructor does not run when the command is read again. Raise `version`
 * when the shape changes.
 * @throws SetupError when the name does not have that form, the version is no positive integer, or an upcaster is
 * missing
 */
export function StoredCommand(name: string, version: number, { upcasters = {} }: StoredCommandOptions = {}) {
  return (commandClass: CommandClass): void => {
    const refuse = (sentence: string): never => {
      throw new SetupError(`@StoredCommand('${name}', ${version}) on ${commandClass.name}: ${sentence}`);
    };
    if (!NAME.test(name)) refuse(`write the name as '<feature>.<what-to-do>', in lower case with hyphens.`);
    if (!Number.isInteger(version) || version < 1) refuse('the version must be a positive integer.');
    for (let earlier = 1; earlier < version; earlier++) {
      if (!upcasters[earlier])
        refuse(`commands of version ${earlier} may be waiting. Add upcasters: { ${earlier}: (data) => ... }.`);
    }
    const beyond = Object.keys(upcasters).find((earlier) => Number(earlier) >= version);
    if (beyond) refuse(`the upcaster from version ${beyond} leads beyond version ${version}. Raise the version.`);
    descriptors.set(commandClass, { commandClass, name, version, upcasters });
  };
}

export function describeCommand(commandClass: object): CommandDescriptor | undefined {
  return descriptors.get(commandClass);
}
