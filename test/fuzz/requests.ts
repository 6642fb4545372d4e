import fc from 'fast-check';
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
const HEADERS: Readonly<Record<string, readonly string[]>> = {
  'if-match': ['"1"', '"99"', '*', 'x'],
  'if-none-match': ['*', '"1"', 'x'],
  'idempotency-key': ['k', 'l', 'x'.repeat(300)],
  'leftfold-min-position': ['0', '1', '-1', 'x'],
  'last-event-id': ['0', '1', '-1', 'x'],
};
const ABSENT = Symbol('absent');

export interface FuzzRequest {
  readonly path: string;
  readonly body: object | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** Existing values by parameter name. Their number must not differ between runs of one seed. */
export type Known = Readonly<Record<string, readonly string[]>>;

/** Nearly valid requests: valid ones with some parts replaced. They shrink towards valid and smaller ones. */
export class Requests {
  private readonly anything: readonly string[];

  constructor(
    private readonly api: OpenApi,
    private readonly known: Known,
  ) {
    this.anything = Object.values(known).flat();
  }

  for({ path, operation }: Route): fc.Arbitrary<FuzzRequest> {
    const names = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name!);
    const query = (operation.parameters ?? []).filter((each) => each.in === 'query').map(({ name }) => name);
    const schema = operation.requestBody?.content['application/json']?.schema;
    return fc
      .record({
        values: fc.tuple(...names.map((name) => this.text(this.known[name] ?? this.anything))),
        query: fields(Object.fromEntries(query.map((name) => [name, seldom(this.text(this.anything), 2)]))),
        headers: fields(
          Object.fromEntries(
            Object.entries(HEADERS).map(([name, texts]) => [name, seldom(fc.constantFrom(...texts), 9)]),
          ),
        ),
        body: schema ? this.value(schema, 0) : fc.constant(undefined),
      })
      .map(({ values, query: asked, headers, body }) => {
        const rest = values.slice();
        const filled = path.replace(/\{\w+\}/g, () => encoded(rest.shift()!) || '-');
        const search = Object.entries(asked).map(([name, value]) => `${name}=${encoded(value as string)}`);
        return {
          path: search.length > 0 ? `${filled}?${search.join('&')}` : filled,
          body: typeof body === 'object' && body !== null ? body : undefined,
          headers: headers as Record<string, string>,
        };
      });
  }

  private text(right: readonly string[]): fc.Arbitrary<string> {
    return mostly(fc.constantFrom(...right), 3, fc.constantFrom(...JUNK), 2);
  }

  private value(schema: Schema, depth: number): fc.Arbitrary<unknown> {
    const odd = fc.constantFrom(...ODD);
    return depth > DEEPEST ? odd : mostly(this.rightValue(schema, depth), 17, odd, 3);
  }

  private rightValue(schema: Schema, depth: number): fc.Arbitrary<unknown> {
    if (schema.$ref !== undefined) {
      const named = this.api.components.schemas[schema.$ref.split('/').at(-1)!];
      return named ? this.rightValue(named, depth) : fc.constantFrom(...ODD);
    }
    if (schema.enum) return fc.constantFrom(...schema.enum);
    if (schema.properties) {
      const given = Object.entries(schema.properties).map(([name, field]): [string, fc.Arbitrary<unknown>] => [
        name,
        fc.option(this.value(field, depth + 1), { nil: ABSENT, freq: 19 }),
      ]);
      return fields(Object.fromEntries(given));
    }
    if (schema.items) return fc.array(this.value(schema.items, depth + 1), { maxLength: 3 });
    if (schema.type === 'boolean') return fc.boolean();
    if (schema.type !== 'string') return fc.integer({ min: -2, max: 1_000_000 });
    const address = fc.nat({ max: 1_000_000_000 }).map((number) => `u${number}@example.com`);
    return mostly(address, 1, this.text(this.anything), 1);
  }
}

/** A failing request shrinks to the first one. */
function mostly<T>(right: fc.Arbitrary<T>, often: number, other: fc.Arbitrary<T>, seldomer: number): fc.Arbitrary<T> {
  return fc.oneof(
    { withCrossShrink: true },
    { arbitrary: right, weight: often },
    { arbitrary: other, weight: seldomer },
  );
}

/** Left out `freq` times as often as present. */
function seldom(value: fc.Arbitrary<string>, freq: number): fc.Arbitrary<unknown> {
  return mostly<unknown>(fc.constant(ABSENT), freq, value, 1);
}

function fields(all: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Record<string, unknown>> {
  return fc
    .record(all)
    .map((given) => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ABSENT)));
}

const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());
