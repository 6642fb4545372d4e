/**
 * Ends the process with code 1 when an error reaches nobody, and prints its stack. Node would print every property of it, and
 * database errors carry what people sent.
 */
export function endOnUncaughtFaults(): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => void printAndEnd(error));
  }
}

async function printAndEnd(error: unknown): Promise<never> {
  try {
    // Loaded now: it knows the kernel, which help and wrong use do without.
    const { printFault } = await import('./report-faults.js');
    printFault(error);
  } finally {
    process.exit(1);
  }
}
