import type { Constructor } from '../constructor.js';
import { SetupError } from '../errors.js';
import { type JsonObject, UnstorableValueError } from './json.js';
import type { EventMetadata } from './metadata.js';
import {
  type ForgottenSubject,
  forgottenSubject,
  type Forgets,
  type PersonalFields,
  type PersonalPart,
  personalParts,
} from './personal-fields.js';
import type { TagValues } from './tags.js';

/** What is known of a stored event besides its data. */
export interface UpcastContext {
  readonly metadata: EventMetadata;
  readonly recordedAt: Date;
  readonly stream: string;
  /** Version of the stream after the event. */
  readonly version: number;
  readonly position: number;
}

/**
 * Converts the data of one schema version to the next when an event is read. A list makes several events of the same
 * type of it, in this order, all at its position; `undefined`, or an empty list, drops it. It depends on nothing but its
 * arguments. What it returns is data alone: a property `type` that the data did not have is refused.
 */
export type Upcaster = (data: JsonObject, context: UpcastContext) => JsonObject | readonly JsonObject[] | undefined;

/** Further options of `@DomainEvent`. */
export interface DomainEventOptions<E> {
  /** Schema version of the stored data, from 1. Raise it when the shape changes, and add an upcaster. */
  readonly version?: number;
  /** One for each earlier version: `{ 1: (data, context) => ... }` turns version 1 into version 2. */
  readonly upcasters?: Readonly<Record<number, Upcaster>>;
  /** Names under which it was stored earlier. Version numbers continue when the name changes. */
  readonly aliases?: readonly string[];
  /** Values by which rules over several streams find this event. See `EventQuery`. */
  readonly tags?: (event: E) => TagValues;
  /**
   * Version of `tags`, from 1; 1 when left out. Raise it when `tags` gives other tags to the same event, and run
   * `tags rebuild`, or `TagRebuild`, so that stored events get them, too.
   */
  readonly tagsVersion?: number;
  /**
   * Closes its stream: the log refuses every later event of it. It must be the last event of its append to the stream.
   * Streams that hold such an event from before `closes` was declared stay open.
   */
  readonly closes?: boolean;
  /**
   * Fields that are about a person. They are encrypted in the log, with a key for each subject, and are absent once the
   * subject is forgotten, so declare them as optional: `readonly username: string | undefined`.
   */
  readonly personal?: readonly PersonalFields<E>[];
  /** The subject that this event forgets: its key is deleted, so its personal fields can't be read any more. */
  readonly forgets?: Forgets<E>;
}

/** The class of an event. */
export type EventClass<E extends object = object> = Constructor<E>;

/** What `@DomainEvent` says of a class. */
export interface EventDescriptor<E extends object = object> {
  readonly eventClass: EventClass<E>;
  readonly type: string;
  readonly schemaVersion: number;
  readonly upcasters: Readonly<Record<number, Upcaster>>;
  readonly aliases: readonly string[];
  readonly tags: ((event: E) => TagValues) | undefined;
  /** 0 without tags. */
  readonly tagsVersion: number;
  readonly closes: boolean;
  readonly personal: readonly PersonalPart[];
  readonly forgets: ForgottenSubject | undefined;
}

const descriptors = new WeakMap<object, EventDescriptor>();
const TYPE = /^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/;

/**
 * Makes a class a domain event. Write the stored name, `<feature>.<past-tense>`, as a literal; it never changes with
 * the class. The class repeats it as `declare readonly type: '<name>'`, and the compiler checks that both agree. The
 * property exists at run time, is not stored, and distinguishes events of equal shape in a `switch`.
 * @throws SetupError when the name does not have that form, a version is no positive integer, an upcaster is
 * missing, or the personal fields are declared wrongly
 */
export function DomainEvent<T extends string, E extends { readonly type: T } = { readonly type: T }>(
  type: T,
  options: DomainEventOptions<E> = {},
) {
  return <C extends EventClass<E>>(eventClass: C): void => {
    const { version: schemaVersion = 1, upcasters = {}, aliases = [], closes = false } = options;
    const refuse = (sentence: string): never => {
      throw new SetupError(`@DomainEvent('${type}') on ${eventClass.name}: ${sentence}`);
    };
    if (!TYPE.test(type)) refuse(`write the name as '<feature>.<past-tense>', in lower case with hyphens.`);
    if (!Number.isInteger(schemaVersion) || schemaVersion < 1) refuse('version must be a positive integer.');
    for (let earlier = 1; earlier < schemaVersion; earlier++) {
      if (!upcasters[earlier])
        refuse(`events of version ${earlier} may be stored. Add upcasters: { ${earlier}: (data) => ... }.`);
    }
    const beyond = Object.keys(upcasters).find((earlier) => Number(earlier) >= schemaVersion);
    if (beyond) refuse(`the upcaster from version ${beyond} leads beyond version ${schemaVersion}. Raise version.`);
    Object.defineProperty(eventClass.prototype, 'type', { value: type, enumerable: false });
    const { tagsVersion = options.tags ? 1 : 0 } = options;
    if (options.tagsVersion !== undefined && (!Number.isInteger(tagsVersion) || tagsVersion < 1))
      refuse('tagsVersion must be a positive integer.');
    if (tagsVersion > 0 && !options.tags) refuse('it has a tagsVersion and no tags. Remove tagsVersion.');
    const tags = options.tags as EventDescriptor['tags'];
    const personal = personalParts(options.personal ?? [], refuse);
    const forgets = forgottenSubject(options.forgets, refuse);
    if (forgets && personal.length > 0) refuse('it forgets a subject, so it can have no personal fields of its own.');
    const described = { eventClass, type, schemaVersion, upcasters, aliases, tags, tagsVersion, closes };
    descriptors.set(eventClass, { ...described, personal, forgets });
  };
}

/** @throws SetupError when the class carries no `@DomainEvent` */
export function describeEvent(eventClass: EventClass): EventDescriptor {
  const descriptor = descriptors.get(eventClass);
  if (!descriptor) {
    throw new SetupError(
      `${eventClass.name} has no stored name. Put @DomainEvent('<feature>.<past-tense>') on the class.`,
    );
  }
  return descriptor;
}

/**
 * Refuses an event with its own property `type`, which readers would take for the stored name.
 * @throws UnstorableValueError
 */
export function refuseOwnType(event: object): void {
  if (!Object.hasOwn(event, 'type')) return;
  throw new UnstorableValueError(
    'data.type',
    'the type of an event is its stored name. Declare it (`declare readonly type`) and give it no value, ' +
      'or call the property something else.',
  );
}

/**
 * All names under which events of this class may be stored: its name and its aliases.
 * @throws SetupError when the class has no `@DomainEvent`
 */
export function storedNamesOf(eventClass: EventClass): string[] {
  const { type, aliases } = describeEvent(eventClass);
  return [type, ...aliases];
}
