import { isReserved } from './reserved-names.js';

/** Personal fields of an event that are about one subject. */
export interface PersonalFields<E> {
  /**
   * The subject: whose data it is, such as the id of a user. It is stored as it is, so it must not be personal itself. One
   * text is one subject in the whole log.
   */
  readonly subject: (event: E) => string;
  /** Paths of the fields, with dots into nested objects: `['username', 'address.street']`. */
  readonly fields: readonly string[];
  /** Kind of subject, for a log with several; `person` when left out. The event that forgets it names the same kind. */
  readonly kind?: string;
}

/** Whom an event forgets: the subject, or the subject and its kind if that is not `person`. */
export type Forgets<E> = ((event: E) => string) | { readonly kind: string; readonly subject: (event: E) => string };

/** The fields of an event class that are about one subject, as they were declared and checked. */
export interface PersonalPart {
  readonly kind: string;
  readonly subject: (event: object) => string;
  /** Each path with its names. */
  readonly fields: readonly { readonly path: string; readonly names: readonly string[] }[];
}

/** Whom the events of a class forget, as it was declared and checked. */
export interface ForgottenSubject {
  readonly kind: string;
  readonly subject: (event: object) => string;
}

type Refuse = (sentence: string) => never;

const PERSON = 'person';

/** The declarations in checked form. */
export function personalParts(declared: readonly PersonalFields<never>[], refuse: Refuse): PersonalPart[] {
  const parts = declared.map(({ subject, fields, kind = PERSON }) => {
    if (fields.length === 0) refuse('an entry of "personal" has no fields. Name them, or remove the entry.');
    checkKind(kind, refuse);
    return {
      kind,
      subject: subject as PersonalPart['subject'],
      fields: fields.map((path) => ({ path, names: path.split('.') })),
    };
  });
  const paths = parts.flatMap(({ fields }) => fields.map(({ path }) => path));
  for (const path of paths) checkPath(path, refuse);
  refuseOverlaps(paths, refuse);
  for (const { subject } of parts) refusePersonalSubject(subject, paths, refuse);
  return parts;
}

/** The declaration in checked form. */
export function forgottenSubject(declared: Forgets<never> | undefined, refuse: Refuse): ForgottenSubject | undefined {
  if (declared === undefined) return undefined;
  const { kind, subject } = typeof declared === 'function' ? { kind: PERSON, subject: declared } : declared;
  checkKind(kind, refuse);
  return { kind, subject: subject as ForgottenSubject['subject'] };
}

function checkKind(kind: string, refuse: Refuse): void {
  if (kind.trim() === '') refuse('a kind of subject is empty. Name it, such as "person".');
}

function checkPath(path: string, refuse: Refuse): void {
  const names = path.split('.');
  if (names.some((name) => name.trim() === '')) {
    refuse(`"${path}" is no path of a field. Write names with dots between them, such as 'address.street'.`);
  }
  const reserved = names.find(isReserved);
  if (reserved)
    refuse(`the field "${path}" can't be personal, because the name "${reserved}" has a meaning of its own.`);
}

/** A field that is in two declarations, or inside another one, would be encrypted twice. */
function refuseOverlaps(paths: readonly string[], refuse: Refuse): void {
  for (const [index, path] of paths.entries()) {
    const earlier = paths.slice(0, index).find((other) => isWithin(path, other) || isWithin(other, path));
    if (earlier === path) refuse(`the field "${path}" is declared as personal twice. A field has one subject.`);
    if (earlier) refuse(`of the personal fields "${earlier}" and "${path}", one is inside the other. Name only one.`);
  }
}

function isWithin(path: string, other: string): boolean {
  return path === other || path.startsWith(`${other}.`);
}

/** Calls `subject` with an event that only notes what is read of it. */
function refusePersonalSubject(subject: PersonalPart['subject'], paths: readonly string[], refuse: Refuse): void {
  const read = new Set<string>();
  try {
    subject(probe('', read));
  } catch {
    // It did more with a value than the probe can answer. What it read until then is known.
  }
  const personal = paths.find((path) => [...read].some((each) => isWithin(each, path)));
  if (personal) {
    refuse(
      `the subject is read from the personal field "${personal}". It is stored as plain text, so take it from another ` +
        'field, such as an id.',
    );
  }
}

function probe(path: string, read: Set<string>): object {
  return new Proxy(() => undefined, {
    get(_target, name) {
      if (typeof name === 'symbol') return () => '';
      const inner = path === '' ? name : `${path}.${name}`;
      read.add(inner);
      return probe(inner, read);
    },
    apply: () => probe(path, read),
  });
}
