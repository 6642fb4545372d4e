import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, posix, sep } from 'node:path';

export const REPOSITORY = join(import.meta.dirname, '..', '..');

export interface Link {
  /** The page with the link, relative to the root of the project. */
  readonly page: string;
  /** The target, relative to the root of the project, without the part after `#`. */
  readonly target: string;
  readonly anchor: string | undefined;
}

/** Every page for readers, relative to the root of the project. */
export async function pages(): Promise<string[]> {
  const root = (await readdir(REPOSITORY)).filter((name) => name.endsWith('.md'));
  const below = await Promise.all(
    ['docs', 'src', 'packages'].map(async (folder) => {
      const entries = await readdir(join(REPOSITORY, folder), { recursive: true });
      return entries
        .filter((name) => name.endsWith('.md') && !name.split(sep).includes('dist'))
        .map((name) => `${folder}/${name.split(sep).join('/')}`);
    }),
  );
  return [...root, ...below.flat()].toSorted();
}

export function textOf(page: string): Promise<string> {
  return readFile(join(REPOSITORY, page), 'utf8');
}

/** Links to files of the project. Code and web addresses are left out. */
export function linksIn(page: string, text: string): Link[] {
  const prose = text
    .replaceAll(/^```[^]*?^```/gm, '')
    .replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()]/g, ''));
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, address = '']) => address)
    .filter((address) => !/^[a-z]+:/.test(address))
    .map((address) => {
      const [path = '', anchor] = address.split('#');
      return { page, target: path === '' ? page : posix.join(dirname(page), path), anchor };
    });
}

/** The anchors of a page, as GitHub makes them of its headings. */
export function anchorsOf(text: string): string[] {
  const headings = [...text.replaceAll(/^```[^]*?^```/gm, '').matchAll(/^#{1,6} (.+)$/gm)].map(
    ([, title = '']) => title,
  );
  const seen = new Map<string, number>();
  return headings.map((title) => {
    const slug = title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
}
