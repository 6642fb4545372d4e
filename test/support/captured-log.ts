import { PinoLogger } from 'nestjs-pino';
import { symbols } from 'pino';

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

  /** Begins anew. The root logger has the level and the destination of the first app that this process ever ran, until now. */
  begin(level: string): void {
    Object.assign(PinoLogger.root, { [symbols.streamSym]: this });
    PinoLogger.root.level = level;
    this.text = '';
  }
}

export const capturedLog = new CapturedLog();
