/**
 * Ends the process with code 1 on an uncaught error, and prints the stack. Node would print every property of the error, and
 * database errors carry user input.
 */
export function endOnUncaughtFaults(): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => void printAndEnd(error));
  }
}

async function printAndEnd(error: unknown): Promise<never> {
  try {
    // Loaded at this point because it loads the kernel, which help and wrong usage do without.
    const { printFault } = await import('./report-faults.js');
    printFault(error);
  } finally {
    process.exit(1);
  }
}
