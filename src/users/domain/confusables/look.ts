import { CONFUSABLES } from './confusables.js';

const OTHER_THAN_ASCII = /\P{ASCII}/u;

/** Read at the first use, because a command line rarely needs it. */
let prototypes: ReadonlyMap<string, string> | undefined;

/**
 * The look of a name: names that a reader can't tell apart have the same look. It is the skeleton of UTS #39, taken before and
 * after the conversion to lower case, because both `I` and `1` look like `l`.
 */
export function lookOf(name: string): string {
  return skeletonOf(skeletonOf(name.normalize('NFKC').trim()).toLowerCase());
}

/** UTS #39, section 4. */
function skeletonOf(text: string): string {
  prototypes ??= readPrototypes();
  let look = '';
  for (const sign of visiblePartOf(text)) look += prototypes.get(sign) ?? sign;
  return OTHER_THAN_ASCII.test(look) ? look.normalize('NFD') : look;
}

/** ASCII has nothing to decompose, and nothing that is ignored. */
function visiblePartOf(text: string): string {
  if (!OTHER_THAN_ASCII.test(text)) return text;
  return text.normalize('NFD').replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '');
}

function readPrototypes(): ReadonlyMap<string, string> {
  return new Map(
    CONFUSABLES.split(',').map((entry) => {
      const [sign, prototype] = entry.split(':').map(textOf);
      return [sign!, prototype!];
    }),
  );
}

function textOf(codePoints: string): string {
  return String.fromCodePoint(...codePoints.split(' ').map((each) => Number.parseInt(each, 16)));
}
