import type { Seed } from '../faults/support/seed.js';
import { NOBODY } from '../support/people.js';
import type { OpenApi, Route, Schema } from './operations.js';

const DEEPEST = 4;
const JUNK = [
  '',
  ' ',
  '0',
  '-1',
  '1e999',
  'null',
  '\u0000',
  '\ud800',
  '../..',
  '%00',
  "' or 1=1 --",
  '😀',
  'x'.repeat(3_000),
];
const ODD: readonly unknown[] = [...JUNK, null, true, 0, -1, 1.5, 2 ** 53, [], {}, [[]], { constructor: 1 }, NOBODY];

export interface FuzzRequest {
  readonly path: string;
  readonly body: object | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** Requests that are nearly right: of the right form with some of it replaced. */
export class Requests {
  constructor(
    private readonly api: OpenApi,
    private readonly seed: Seed,
    /** Ids that exist. */
    private readonly known: readonly string[],
  ) {}

  for({ path, operation }: Route): FuzzRequest {
    const { seed } = this;
    const filled = path.replace(/\{\w+\}/g, () => encodeURIComponent(this.text().toWellFormed()) || '-');
    const query = (operation.parameters ?? [])
      .filter((parameter) => parameter.in === 'query' && seed.random() < 0.3)
      .map(({ name }) => `${name}=${encodeURIComponent(this.text().toWellFormed())}`);
    const schema = operation.requestBody?.content['application/json']?.schema;
    const body = schema && (this.value(schema, 0) as object);
    return {
      path: query.length > 0 ? `${filled}?${query.join('&')}` : filled,
      body: typeof body === 'object' && body !== null ? body : undefined,
      headers: {
        ...(seed.random() < 0.1 && { 'if-match': seed.pick(['"1"', '"99"', '*', 'x']) }),
        ...(seed.random() < 0.1 && { 'idempotency-key': seed.pick(['k', 'l', 'x'.repeat(300)]) }),
        ...(seed.random() < 0.1 && { 'leftfold-min-position': seed.pick(['0', '1', '-1', 'x']) }),
      },
    };
  }

  private text(): string {
    const { seed } = this;
    return seed.random() < 0.6 ? seed.pick(this.known) : seed.pick(JUNK);
  }

  private value(schema: Schema, depth: number): unknown {
    const { seed } = this;
    if (seed.random() < 0.15 || depth > DEEPEST) return seed.pick(ODD);
    if (schema.$ref !== undefined) {
      const named = this.api.components.schemas[schema.$ref.split('/').at(-1)!];
      return named ? this.value(named, depth) : seed.pick(ODD);
    }
    if (schema.enum) return seed.pick(schema.enum);
    if (schema.properties) {
      const fields = Object.entries(schema.properties).filter(() => seed.random() < 0.95);
      return Object.fromEntries(fields.map(([name, field]) => [name, this.value(field, depth + 1)]));
    }
    if (schema.items) return Array.from({ length: seed.between(0, 3) }, () => this.value(schema.items!, depth + 1));
    if (schema.type === 'string') return seed.random() < 0.5 ? `u${seed.between(1, 1e9)}@example.com` : this.text();
    return schema.type === 'boolean' ? seed.random() < 0.5 : seed.between(-2, 1e6);
  }
}
