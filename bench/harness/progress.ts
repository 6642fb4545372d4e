/** Says on standard error what runs: one line that is overwritten on a terminal, else a line each. */
export function progress(): { say: (what: string) => void; clear: () => void } {
  const { stderr } = process;
  const start = performance.now();
  return {
    say: (what) => {
      const line = `${((performance.now() - start) / 1_000).toFixed(0).padStart(5)} s  ${what}`;
      stderr.write(stderr.isTTY ? `\r\u001b[2K${line}` : `${line}\n`);
    },
    clear: () => {
      if (stderr.isTTY) stderr.write('\r\u001b[2K');
    },
  };
}
