import {
  MalformedNoteError,
  type NoteSignature,
  parseSignature,
  signatureLine,
  type SignedNote,
} from '../notes/note.js';
import type { SigningKey } from '../notes/keys.js';
import { signNote } from '../notes/signing.js';

/** First member of a certificate, and first line of what is signed. */
export const CERTIFICATE_FORMAT = 'leftfold-forgetting/v1';

/** That the personal data of one subject were forgotten, when, and where in the log. */
export interface CertificateFacts {
  readonly format: typeof CERTIFICATE_FORMAT;
  readonly subject: string;
  /** The event that says that the subject is forgotten. */
  readonly eventId: string;
  readonly position: number;
  /** ISO 8601, UTC: when that event was recorded. */
  readonly forgottenAt: string;
  /** Names of the fields that were forgotten, by the type of the event. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** The events that had such fields: their number, and the first and the last position. */
  readonly events: { readonly count: number; readonly first: number | null; readonly last: number | null };
  /** Names the log in checkpoints; null when the log is not sealed. */
  readonly origin: string | null;
  /** The last checkpoint that was signed before the event, as a signed note; null when there was none. */
  readonly before: string | null;
  /** Hashes in base64: that the tree of `before` is the beginning of that of the checkpoint in `proof`. */
  readonly consistency: readonly string[];
  /** The `.tlog-proof` of the event, with a later checkpoint; null when the log is not sealed. */
  readonly proof: string | null;
}

/** A certificate of forgetting. */
export interface ForgettingCertificate extends CertificateFacts {
  /** Signature lines as in a signed note, without the newline. None when the log is not sealed. */
  readonly signatures: readonly string[];
}

/** Signs a certificate with each of the keys. */
export function signCertificate(facts: CertificateFacts, keys: readonly SigningKey[]): ForgettingCertificate {
  const text = signedText(facts);
  return { ...facts, signatures: keys.map((key) => signatureLine(signNote(text, key)).trimEnd()) };
}

/**
 * What is signed, as the text of a signed note: the format and a newline; all members but `signatures` as canonical JSON
 * (RFC 8785: no blanks, the members of every object sorted by name) and a newline. UTF-8.
 */
export function signedText(certificate: CertificateFacts): string {
  const { signatures: _, ...facts } = certificate as ForgettingCertificate;
  return `${CERTIFICATE_FORMAT}\n${canonical(facts)}\n`;
}

/** The certificate as a signed note. @throws MalformedNoteError when a signature is not written as it should be */
export function noteOf(certificate: ForgettingCertificate): SignedNote {
  const signatures: NoteSignature[] = certificate.signatures.map((line) => parseSignature(line));
  return { text: signedText(certificate), signatures };
}

/**
 * Reads a certificate. It checks neither signatures nor proofs.
 * @throws MalformedNoteError
 */
export function parseCertificate(text: string): ForgettingCertificate {
  let certificate: unknown;
  try {
    certificate = JSON.parse(text);
  } catch {
    throw new MalformedNoteError('certificate', 'it is not JSON.');
  }
  const wrong = firstWrong(certificate);
  if (wrong !== undefined) throw new MalformedNoteError('certificate', `its member "${wrong}" is missing or wrong.`);
  return certificate as ForgettingCertificate;
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isTextOrNull = (value: unknown): boolean => value === null || isText(value);
const isPosition = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) > 0;
const areTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const CHECKS: Readonly<Record<keyof ForgettingCertificate, (value: unknown) => boolean>> = {
  format: (value) => value === CERTIFICATE_FORMAT,
  subject: isText,
  eventId: isText,
  position: isPosition,
  forgottenAt: (value) => isText(value) && !Number.isNaN(Date.parse(value as string)),
  fields: (value) => isObject(value) && Object.values(value).every(areTexts),
  events: (value) =>
    isObject(value) &&
    Number.isSafeInteger(value.count) &&
    [value.first, value.last].every((position) => position === null || isPosition(position)),
  origin: isTextOrNull,
  before: isTextOrNull,
  consistency: areTexts,
  proof: isTextOrNull,
  signatures: areTexts,
};

function firstWrong(certificate: unknown): string | undefined {
  if (!isObject(certificate)) return 'format';
  return Object.entries(CHECKS).find(([name, check]) => !check(certificate[name]))?.[0];
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    isObject(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : member,
  );
}
