import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPOSITORY, textOf } from './pages.js';

let page: string;
let sources: string;
let settings: string;

beforeAll(async () => {
  page = await textOf('docs/explanation/life-of-an-event.md');
  settings = await readFile(join(REPOSITORY, '.env.example'), 'utf8');
  const folders = ['src', 'packages/core/src'].map((folder) => join(REPOSITORY, folder));
  const files = (await Promise.all(folders.map((folder) => filesIn(folder)))).flat();
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  sources = texts.join('\n');
});

async function filesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => /(?<!spec)\.ts$/.test(name)).map((name) => join(folder, name));
}

/** Code words of one kind on the page. */
function named(pattern: RegExp): string[] {
  const code = [...page.replaceAll(/^```[^]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text);
  return [...new Set(code.filter((text) => pattern.test(text)))];
}

/** The cells of a column of the table "What is durable where"; the first column is 0. */
function column(index: number): string[] {
  const [, table = ''] = page.split('## What is durable where');
  const rows = table.split('\n').filter((line) => line.startsWith('|'));
  return rows
    .slice(
      2,
      rows.findIndex((row) => row.includes('Step')),
    )
    .map((row) => row.split('|')[index + 1]!.trim());
}

it('names existing settings', () => {
  const names = named(/^[A-Z]+(_[A-Z]+)+$/);

  expect(names.length).toBeGreaterThanOrEqual(3);
  expect(names.filter((name) => !new RegExp(`^#?${name}=`, 'm').test(settings))).toEqual([]);
});

it('names existing subscriptions', () => {
  const names = named(/^[a-z]+\.[a-z-]+$/).filter((name) => !name.endsWith('.ts'));

  expect(names.length).toBeGreaterThanOrEqual(3);
  expect(names.filter((name) => !sources.includes(`'${name}'`))).toEqual([]);
});

it('names existing classes and functions', () => {
  const names = named(/^[A-Z][a-z]+[A-Za-z]*$/);
  const calls = named(/^\w+\(\.\.\.\)$/).map((call) => call.replace('(...)', ''));

  expect(names.length).toBeGreaterThanOrEqual(4);
  expect(names.filter((name) => !sources.includes(`class ${name} `))).toEqual([]);
  expect(calls.filter((name) => !sources.includes(`${name}(`))).toEqual([]);
});

it('names existing tables, each in its database', () => {
  const tables = column(1).map((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name));
  const all = [...new Set([...tables.flat(), 'leftfold_read_models', 'leftfold_subscriptions'])];

  expect(all.length).toBeGreaterThanOrEqual(10);
  expect(all.filter((name) => !sources.includes(`create table ${name} (`))).toEqual([]);
  expect(new Set(column(2))).toEqual(new Set(['events', 'views']));
});

it('gives the interval of polls without a hint', () => {
  const [, seconds] = /every ([\d.]+) seconds/.exec(page) ?? [];
  const [, poll] = /const POLL = ([\d_]+);/.exec(sources) ?? [];

  expect(Number(seconds) * 1_000).toBe(Number(poll?.replaceAll('_', '')));
});

it('its diagram uses declared participants only', () => {
  const [, drawing = ''] = /^```mermaid\n([^]*?)^```/m.exec(page) ?? [];
  const lines = drawing
    .trim()
    .split('\n')
    .map((line) => line.trim());
  const declared = lines.flatMap((line) => /^(?:actor|participant) (\w+)/.exec(line)?.[1] ?? []);
  const arrows = lines.flatMap((line) => {
    const [, from, to] = /^(\w+)(?:->>|-->>|-\)|--\))(\w+): \S/.exec(line) ?? [];
    return from && to ? [[from, to]] : [];
  });
  const notes = lines.filter((line) => /^Note over (\w+): \S/.test(line));

  expect(lines[0]).toBe('sequenceDiagram');
  expect(declared).toHaveLength(7);
  expect(arrows.flat().filter((name) => !declared.includes(name))).toEqual([]);
  // Any other line would be a syntax error of Mermaid.
  expect(arrows.length + notes.length + declared.length + 2).toBe(lines.filter((line) => line !== '').length);
});
