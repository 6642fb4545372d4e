import { PinoLogger } from 'nestjs-pino';
import { symbols } from 'pino';

/** The log of all apps that run at the same time: Pino has one root logger per process, so they share it. */
class CapturedLog {
  text = '';

  write(line: string): void {
    this.text += line;
  }

  get lines(): Record<string, unknown>[] {
    const complete = this.text.split('\n').filter((line) => line !== '');
    return complete.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** Starts empty. The root logger has the level and the destination of the first app of this process. */
  begin(level: string): void {
    Object.assign(PinoLogger.root, { [symbols.streamSym]: this });
    PinoLogger.root.level = level;
    this.text = '';
  }
}

export const capturedLog = new CapturedLog();
