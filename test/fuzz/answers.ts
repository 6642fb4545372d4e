import { Ajv } from 'ajv';
import type { Answer } from '../support/client.js';
import type { OpenApi, Route } from './operations.js';

const pointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');
const PROBLEM = 'application/problem+json';
const BYTES = 'application/octet-stream';
const STREAM = 'text/event-stream';

/** Checks answers against the OpenAPI document. */
export class Answers {
  /** Answers that had a schema. */
  validated = 0;
  private readonly ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });

  constructor(api: OpenApi) {
    this.ajv.addSchema(api, 'api');
  }

  /** @returns what is wrong; undefined when the answer is right */
  complaints({ method, path, operation }: Route, answer: Answer): string[] {
    const { status, text } = answer;
    const type = (answer.headers['content-type'] ?? '').split(';', 1)[0]!;
    if (status >= 500 && status !== 503) return [`${status} ${text}`];
    const documented = operation.responses[status];
    const isProblem = status >= 400 && type === PROBLEM;
    const differs = isProblem ? otherStatus(answer) : [];
    if (documented?.content?.[type]?.schema) {
      // An endless answer is not read, and bytes are no text.
      if (type === STREAM || type === BYTES) return [];
      const place = `paths/${pointer(path)}/${method}/responses/${status}/content/${pointer(type)}/schema`;
      return [...differs, ...this.check(`api#/${place}`, type.endsWith('json') ? answer.body : text)];
    }
    if (isProblem) return [...differs, ...this.check('api#/components/schemas/Problem', answer.body)];
    if (status >= 400) return [`${status} is of type ${type}`];
    if (status === 304) return [];
    if (!documented) return [`${status} is not documented`];
    return text === '' ? [] : [`${status} has a body, and none is documented: ${text.slice(0, 200)}`];
  }

  private check(reference: string, body: unknown): string[] {
    const validate = this.ajv.getSchema(reference);
    if (!validate) return [`There is no schema ${reference}.`];
    this.validated += 1;
    return validate(body) === true ? [] : [this.ajv.errorsText(validate.errors)];
  }
}

function otherStatus({ status, body }: Answer): string[] {
  const said = (body as { status?: unknown }).status;
  return said === status ? [] : [`the problem says ${String(said)}, the answer ${status}`];
}
