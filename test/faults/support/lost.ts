/** Whether a request got no answer because the process that it was sent to has died. */
export function isLost(error: unknown): boolean {
  // What fails while it connects has the code in supertest's message alone.
  const { code, message } = error as { code?: unknown; message?: unknown };
  return /^E(CONNRESET|CONNREFUSED|PIPE)\b/.test(String(code ?? message));
}
