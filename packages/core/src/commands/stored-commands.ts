import 'reflect-metadata';
import { Injectable } from '@nestjs/common';
import { CommandHandler } from '@nestjs/cqrs';
import { classOf } from '../constructor.js';
import { SetupError } from '../errors.js';
import { type JsonObject, decodeJson, encodeJson } from '../events/json.js';
import { revive } from '../events/revive.js';
import { type CommandClass, type CommandDescriptor, describeCommand } from './stored-command.decorator.js';

/** A command in stored form. */
export interface CommandData {
  readonly name: string;
  readonly version: number;
  /** JSON. */
  readonly data: string;
}

/** A command that can't be stored, or that this program can't read back. */
export class StoredCommandError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StoredCommandError';
  }
}

/** A stored command of which this program has no class, or an earlier version. */
export class UnknownCommandError extends StoredCommandError {
  constructor(message: string) {
    super(message);
    this.name = 'UnknownCommandError';
  }
}

class ProbeCommand {}
class ProbeHandler {}
CommandHandler(ProbeCommand)(ProbeHandler as never);
/** Nest does not export the metadata key of its decorator, so it is read from a decorated probe class. */
const HANDLED = Reflect.getOwnMetadataKeys(ProbeHandler)[0] as string;

/** Maps stored names to command classes, for all commands that this application has handlers for. */
@Injectable()
export class StoredCommands {
  private readonly byName = new Map<string, CommandDescriptor>();
  private readonly handled = new Set<CommandClass>();

  /** @throws SetupError when another class already has the command's stored name */
  addHandler(handlerClass: object): void {
    const commandClass = Reflect.getMetadata(HANDLED, handlerClass) as CommandClass;
    this.handled.add(commandClass);
    const descriptor = describeCommand(commandClass);
    // Most commands are never stored and have no stored name.
    if (!descriptor) return;
    const taken = this.byName.get(descriptor.name);
    if (taken && taken.commandClass !== commandClass) {
      throw new SetupError(
        `${taken.commandClass.name} and ${commandClass.name} both have the stored name "${descriptor.name}". ` +
          `Give one of them another name in its @StoredCommand.`,
      );
    }
    this.byName.set(descriptor.name, descriptor);
  }

  /** All command classes that have a handler, also those without a stored name. */
  get classes(): CommandClass[] {
    return [...this.handled];
  }

  /**
   * @param sizeLimit largest size of the command's data, in bytes
   * @throws StoredCommandError, UnstorableValueError
   */
  toStored(command: object, sizeLimit = Infinity): CommandData {
    const stored = encodeCommand(command);
    const size = Buffer.byteLength(stored.data);
    if (size > sizeLimit) {
      throw new StoredCommandError(
        `${className(command)} has ${size} bytes of data, and at most ${sizeLimit} are stored. ` +
          `Let the command name what it needs, and its handler read that.`,
      );
    }
    if (!this.byName.has(stored.name)) {
      throw new StoredCommandError(
        `${className(command)} has no handler in this application, so it would never be executed. ` +
          `Add its @CommandHandler to the providers of a module.`,
      );
    }
    return stored;
  }

  /** Whether a command class with a handler has this stored name. */
  knows(name: string): boolean {
    return this.byName.has(name);
  }

  /** @throws StoredCommandError */
  revive({ name, version, data }: CommandData): object {
    const descriptor = this.byName.get(name);
    if (!descriptor) {
      throw new UnknownCommandError(
        `No class with a handler is registered for the stored command "${name}". ` +
          `Put @StoredCommand('${name}', ...) on the class, or deploy a version that has it.`,
      );
    }
    return decodeCommand(descriptor, version, data);
  }
}

/** @throws StoredCommandError when the class has no stored name; UnstorableValueError */
export function encodeCommand(command: object): CommandData {
  const descriptor = describeCommand(classOf(command));
  if (!descriptor) {
    throw new StoredCommandError(
      `${className(command)} can't be stored. Put @StoredCommand('<feature>.<what-to-do>', 1) on the class, ` +
        `or emit a command that has it.`,
    );
  }
  const { name, version } = descriptor;
  return { name, version, data: encodeJson(command, className(command)) };
}

/**
 * Upcasts the data to the version of the class and revives the instance without running its constructor.
 * @throws StoredCommandError
 */
export function decodeCommand(descriptor: CommandDescriptor, version: number, data: string): object {
  const { commandClass, name, version: known, upcasters } = descriptor;
  if (version > known) {
    throw new UnknownCommandError(
      `The command is version ${version} of "${name}"; this program knows versions up to ${known}. Deploy the newer program.`,
    );
  }
  let values: JsonObject | undefined = decodeJson<JsonObject>(data);
  for (let from = version; values && from < known; from++) values = upcasters[from]!(values);
  if (!values) throw new StoredCommandError(`An upcaster of "${name}" returned nothing. A command can't be dropped.`);
  return revive(commandClass.prototype as object, values);
}

function className(command: object): string {
  return Object.getPrototypeOf(command) === null ? 'An object without a class' : classOf(command).name;
}
