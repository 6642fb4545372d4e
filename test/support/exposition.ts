import { eventually } from '../../packages/core/test/support/eventually.js';
import type { Answer, Client } from './client.js';

export type Labels = Readonly<Record<string, string>>;

interface Sample {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
}

export interface Family {
  readonly help: string;
  readonly type: string;
  readonly samples: readonly Sample[];
}

const HEAD = /^# (HELP|TYPE) ([a-z_:][a-z0-9_:]*) (.+)$/i;
const SAMPLE = /^([a-z_:][a-z0-9_:]*)(?:\{(.*)\})? (\+Inf|-Inf|NaN|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/i;
const LABEL = /([a-z_][a-z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/gi;
const TYPES = ['counter', 'gauge', 'histogram', 'summary', 'untyped'];
const PARTS = ['', '_bucket', '_sum', '_count'];

/**
 * Parses an answer in the text format of Prometheus; throws for anything else.
 * Source: Prometheus, "Exposition formats", text-based format 0.0.4.
 */
export class Exposition {
  readonly families = new Map<string, Family>();

  constructor(text: string) {
    if (!text.endsWith('\n')) throw new Error('The last line does not end.');
    const helps = new Map<string, string>();
    for (const line of text.slice(0, -1).split('\n')) {
      if (line === '') continue;
      const [, what, name, rest] = HEAD.exec(line) ?? [];
      if (what === 'HELP') helps.set(nameAlone(name!, helps), rest!);
      else if (what === 'TYPE') this.begin(name!, rest!, helps.get(name!));
      else this.take(line);
    }
  }

  /** The value, or undefined when there is no such series. */
  value(name: string, labels: Labels = {}): number | undefined {
    const found = this.samplesOf(name).filter((each) => sameLabels(each.labels, labels));
    return found[0]?.value;
  }

  /** Series of a metric, by their labels. */
  series(name: string): Labels[] {
    return this.samplesOf(name).map(({ labels }) => labels);
  }

  private samplesOf(name: string): Sample[] {
    return [...this.families.values()].flatMap(({ samples }) => samples.filter((each) => each.name === name));
  }

  private begin(name: string, type: string, help: string | undefined): void {
    if (help === undefined || !TYPES.includes(type) || this.families.has(name)) {
      throw new Error(`${name} has no help, the strange type ${type}, or came before.`);
    }
    this.families.set(name, { help, type, samples: [] });
  }

  private take(line: string): void {
    const [, name, inner = '', value] = SAMPLE.exec(line) ?? [];
    const [family, last] = [...this.families].at(-1) ?? [];
    if (!name || !last) throw new Error(`This is no line of the format: ${line}`);
    const parts = last.type === 'histogram' ? PARTS.slice(1) : PARTS.slice(0, 1);
    const samples = last.samples as Sample[];
    if (!parts.some((part) => name === `${family}${part}`)) throw new Error(`${line} does not belong to ${family}.`);
    const labels = labelsIn(inner);
    if (samples.some((each) => each.name === name && sameLabels(each.labels, labels)))
      throw new Error(`Twice: ${line}`);
    samples.push({ name, labels, value: numberFrom(value!) });
  }
}

/** @param answer to `GET /metrics` */
export function expectMetrics({ status, text, headers }: Answer): Exposition {
  expect({ status, type: headers['content-type'] }).toEqual({
    status: 200,
    type: 'text/plain; version=0.0.4; charset=utf-8',
  });
  return new Exposition(text);
}

/**
 * Scrapes until only these parts of the state are missing. A part that a busy machine reads for too long is missing once, too.
 * @param missing 1 for each part that can't be read
 */
export function scrapeFrom(by: Client, missing: Readonly<Record<string, number>> = {}): Promise<Exposition> {
  return eventually(async () => {
    const metrics = expectMetrics(await by.get('/metrics'));
    expect(missingIn(metrics)).toEqual({ log: 0, subscriptions: 0, 'dead-letters': 0, ...missing });
    return metrics;
  });
}

/** For each part of the state, 1 if it could not be read for a scrape, otherwise 0. */
export function missingIn(metrics: Exposition): Record<string, number> {
  const name = 'leftfold_last_scrape_error';
  return Object.fromEntries(metrics.series(name).map((labels) => [labels.part!, metrics.value(name, labels)!]));
}

function nameAlone(name: string, helps: ReadonlyMap<string, string>): string {
  if (helps.has(name)) throw new Error(`${name} is explained twice.`);
  return name;
}

function labelsIn(text: string): Labels {
  const found = [...text.matchAll(LABEL)];
  if (found.map(([whole]) => whole).join('') !== text) throw new Error(`These are no labels: ${text}`);
  return Object.fromEntries(found.map(([, name, value]) => [name!, value!]));
}

function sameLabels(one: Labels, other: Labels): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

function numberFrom(text: string): number {
  return text.endsWith('Inf') ? Number(text.replace('Inf', 'Infinity')) : Number(text);
}
