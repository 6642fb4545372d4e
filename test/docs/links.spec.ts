import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { anchorsOf, type Link, linksIn, pages, REPOSITORY, textOf } from './pages.js';

let texts: Map<string, string>;
let links: Link[];

beforeAll(async () => {
  const all = await pages();
  texts = new Map(await Promise.all(all.map(async (page) => [page, await textOf(page)] as const)));
  links = [...texts].flatMap(([page, text]) => linksIn(page, text));
});

it('finds pages and links', () => {
  expect(texts.size).toBeGreaterThan(25);
  expect(links.length).toBeGreaterThan(200);
  expect(links.filter(({ anchor }) => anchor !== undefined).length).toBeGreaterThan(100);
});

it('links lead to existing files', () => {
  const broken = links.filter(({ target }) => !existsSync(join(REPOSITORY, target)));

  expect(broken.map(({ page, target }) => `${page} -> ${target}`)).toEqual([]);
});

it('links lead to existing headings', () => {
  const broken = links.filter(({ target, anchor }) => {
    const text = texts.get(target);
    return anchor !== undefined && text !== undefined && !anchorsOf(text).includes(anchor);
  });

  expect(broken.map(({ page, target, anchor }) => `${page} -> ${target}#${anchor}`)).toEqual([]);
});

it('the map links every page of the docs, and the list links every decision', () => {
  const linked = new Set(
    links
      .filter(({ page }) => page === 'docs/README.md' || page === 'docs/decisions/README.md')
      .map(({ target }) => target),
  );
  const docs = [...texts.keys()].filter((page) => page.startsWith('docs/') && page !== 'docs/README.md');

  expect(docs.length).toBeGreaterThan(20);
  expect(docs.filter((page) => !linked.has(page))).toEqual([]);
  expect(links.some(({ page, target }) => page === 'README.md' && target === 'docs/README.md')).toBe(true);
});

it('broken links are found', () => {
  const text = '# A b: `c`\n\n[x](gone.md) `[y](not-a-link.md)` [z](#a-b-c) [w](#a-b) [web](https://example.com)\n';

  expect(linksIn('docs/page.md', text)).toEqual([
    { page: 'docs/page.md', target: 'docs/gone.md', anchor: undefined },
    { page: 'docs/page.md', target: 'docs/page.md', anchor: 'a-b-c' },
    { page: 'docs/page.md', target: 'docs/page.md', anchor: 'a-b' },
  ]);
  expect(anchorsOf(`${text}\n## A b: c\n`)).toEqual(['a-b-c', 'a-b-c-1']);
});
