import { Ajv } from 'ajv';
import type { Answer } from '../support/client.js';
import type { OpenApi, Route } from './operations.js';

const pointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');
const PROBLEM = 'application/problem+json';

/** Judges answers by what the OpenAPI document says of them. */
export class Answers {
  /** Answers that a schema was there for. */
  validated = 0;
  private readonly ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });

  constructor(api: OpenApi) {
    this.ajv.addSchema(api, 'api');
  }

  /** @returns what is wrong; nothing if all is right */
  complaints({ method, path, operation }: Route, answer: Answer): string[] {
    const type = (answer.headers['content-type'] ?? '').split(';', 1)[0]!;
    if (answer.status >= 500 && answer.status !== 503) return [`${answer.status} ${answer.text}`];
    if (answer.status >= 400) return type === PROBLEM ? this.problem(answer) : [`${answer.status} is of type ${type}`];
    const documented = operation.responses[answer.status]?.content?.[type]?.schema;
    if (!documented) return [];
    return this.check(
      `api#/paths/${pointer(path)}/${method}/responses/${answer.status}/content/${pointer(type)}/schema`,
      answer,
    );
  }

  private problem(answer: Answer): string[] {
    const { status } = answer.body as { status?: unknown };
    const wrong = status === answer.status ? [] : [`the problem says ${String(status)}, the answer ${answer.status}`];
    return [...wrong, ...this.check('api#/components/schemas/Problem', answer)];
  }

  private check(reference: string, { body }: Answer): string[] {
    const validate = this.ajv.getSchema(reference);
    if (!validate) return [`There is no schema ${reference}.`];
    this.validated += 1;
    return validate(body) === true ? [] : [this.ajv.errorsText(validate.errors)];
  }
}
