/** Everything that apps which run at the same time log: Pino has one root logger a process, so they share it. */
class CapturedLog {
  text = '';

  write(line: string): void {
    this.text += line;
  }

  get lines(): Record<string, unknown>[] {
    const complete = this.text.split('\n').filter((line) => line !== '');
    return complete.map((line) => JSON.parse(line) as Record<string, unknown>);
  }
}

export const capturedLog = new CapturedLog();
