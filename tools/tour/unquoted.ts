/** A character that a shell may expand. */
export interface Unquoted {
  /** Counted from 1. */
  readonly line: number;
  readonly word: string;
}

const QUOTED = /\\.|'[^']*'|"(?:\\.|[^"\\])*"|<<-?\s*'?(\w+)'?[^\n]*\n[^]*?^\1$/gm;
/** A `*` in a path is meant: it names files that are there. */
const GLOB = /[?[\]]|^[^/]*\*[^/]*$/;
/** `[ -f x ]` and `[[ ... ]]` are commands; `$?` and `${1?}` are values. */
const NO_GLOB = /^\[{1,2}$|^\]{1,2};?$|^\$\?$|^\$\{[^}]*\}$/;

/**
 * Words of shell commands with a `?`, a `[`, or a `*` that is in no path, outside of quotes. Bash passes such a word on when no file matches; zsh fails.
 * A word that begins with `#` after a space is no comment in an interactive zsh, and is named too.
 */
export function unquotedIn(commands: string): Unquoted[] {
  // Same length and lines, so that places stay.
  const bare = commands.replaceAll(QUOTED, (text) => text.replaceAll(/[^\n]/g, '_'));
  return bare.split('\n').flatMap((text, index) =>
    text
      .split(/[\s;|&()]+/)
      .filter((word) => (GLOB.test(word) && !NO_GLOB.test(word)) || word.startsWith('#'))
      .map((word) => ({ line: index + 1, word })),
  );
}
