/**
 * A CloudEvent 1.0, as it was received. Other attributes (extensions) are beside the ones named here. Nobody has checked
 * `data`: it comes from another system.
 * Source: CloudEvents 1.0.2, JSON Event Format 1.0.2.
 */
export interface CloudEvent {
  readonly specversion: '1.0';
  /** Together with `source` it names the event. */
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject?: string;
  /** RFC 3339. */
  readonly time?: string;
  readonly data?: unknown;
  /** Data that are no JSON, in base64. */
  readonly data_base64?: string;
  readonly [attribute: string]: unknown;
}

/** A message is no CloudEvent in JSON, structured mode. */
export class NotACloudEventError extends Error {
  constructor(why: string) {
    super(`The message is no CloudEvent 1.0 in JSON, structured mode: ${why}`);
    this.name = 'NotACloudEventError';
  }
}

/** Texts of CloudEvents hold no control characters and no halves of surrogate pairs. */
const NO_TEXT = /[\p{Cc}\p{Cs}]/u;
/** As for the header X-Correlation-Id. */
const SAFE_ID = /^[A-Za-z0-9._:-]{1,128}$/;
/** W3C Trace Context, level 1. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
/** In characters; more would be no name. */
const LONGEST = 2_000;

/**
 * Reads a CloudEvent. No error quotes the message, because it may be personal.
 * @throws NotACloudEventError
 */
export function readCloudEvent(body: Uint8Array): CloudEvent {
  const event = parsed(body);
  if (typeof event !== 'object' || event === null || Array.isArray(event)) {
    throw new NotACloudEventError('it is JSON, but no object.');
  }
  const attributes = event as Record<string, unknown>;
  if (attributes.specversion !== '1.0') throw new NotACloudEventError('its "specversion" is not "1.0".');
  for (const name of ['id', 'source', 'type']) {
    if (!isName(attributes[name])) {
      throw new NotACloudEventError(
        `its "${name}" is no text of 1 to ${LONGEST} characters without control characters.`,
      );
    }
  }
  return attributes as unknown as CloudEvent;
}

/** What the extensions say about the event's story; what is not safe in a log and a header is left out. */
export function storyOf({ correlationid, traceparent }: CloudEvent): {
  readonly correlationId: string | undefined;
  readonly traceparent: string | undefined;
} {
  return { correlationId: matching(correlationid, SAFE_ID), traceparent: matching(traceparent, TRACEPARENT) };
}

function matching(value: unknown, form: RegExp): string | undefined {
  return typeof value === 'string' && form.test(value) ? value : undefined;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST && !NO_TEXT.test(value);
}

function parsed(body: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new NotACloudEventError('it is no UTF-8.');
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new NotACloudEventError('it is no JSON.');
  }
}
