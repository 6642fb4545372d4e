/** Whether a request got no answer because its process has died. */
export function isLost(error: unknown): boolean {
  // An error while connecting has its code only in supertest's message.
  const { code, message } = error as { code?: unknown; message?: unknown };
  return /^E(CONNRESET|CONNREFUSED|PIPE)\b/.test(String(code ?? message));
}
