/** Whether a request got no answer because the process that it was sent to has died. */
export function isLost(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^E(CONNRESET|CONNREFUSED|PIPE)$/.test(code);
}
