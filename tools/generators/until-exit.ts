/**
 * Runs a generator in a process that goes on. Generators say what to do next when their process exits, since the command line
 * prints the list of files before; here they say it at once.
 */
export async function untilExit<T>(run: () => Promise<T>): Promise<T> {
  const before = new Set(process.listeners('exit'));
  try {
    return await run();
  } finally {
    for (const listener of process.listeners('exit')) {
      if (before.has(listener)) continue;
      process.off('exit', listener);
      listener(0);
    }
  }
}
