import ms, { type StringValue } from 'ms';
import { SettingsError } from './settings.error.js';
import { parseSize } from './size.js';

/** The environment: names and texts. */
export type Environment = Readonly<Record<string, string | undefined>>;

interface Bounds {
  readonly min: number;
  readonly max?: number;
}

/** Reads environment variables as typed values. An empty variable counts as not set. */
export class Variables {
  constructor(private readonly lookUp: (name: string) => string | undefined) {}

  text(name: string): string | undefined;
  text(name: string, fallback: string): string;
  text(name: string, fallback?: string): string | undefined {
    return this.secret(name)?.trim() || fallback;
  }

  /** The exact text, blanks included. Never shown in an error. */
  secret(name: string): string | undefined {
    return this.lookUp(name) || undefined;
  }

  choice<T extends string>(name: string, options: readonly [T, ...T[]], fallback: T): T {
    const text = this.text(name, fallback);
    const chosen = options.find((option) => option === text);
    if (chosen === undefined) throw this.refuse(name, `one of ${options.join(', ')}`);
    return chosen;
  }

  integer(name: string, fallback: number, { min, max = Number.MAX_SAFE_INTEGER }: Bounds): number {
    const text = this.text(name, String(fallback));
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(number >= min && number <= max)) throw this.refuse(name, `a whole number ${range(min, max)}`);
    return number;
  }

  /** In milliseconds. */
  duration(name: string, fallback: StringValue, { min, max = Infinity }: Bounds): number {
    const text = this.text(name, fallback);
    // `ms` returns undefined for unreadable text, despite its type, and throws for very long text.
    const value = text.length > 50 ? undefined : (ms(text as StringValue) as number | undefined);
    if (value === undefined || !(value >= min && value <= max)) {
      const most = max === Infinity ? '' : ` and at most ${ms(max)}`;
      throw this.refuse(name, `a duration such as ${fallback}, of at least ${ms(min)}${most}`);
    }
    return Math.round(value);
  }

  /** In bytes. */
  size(name: string, fallback: string, { min }: Bounds): number {
    const value = parseSize(this.text(name, fallback));
    if (value === undefined || !(value >= min)) {
      throw this.refuse(name, `a size such as ${fallback} or 512kb, of at least ${min} bytes`);
    }
    return value;
  }

  private refuse(name: string, wanted: string): SettingsError {
    return new SettingsError(name, `is ${JSON.stringify(this.text(name)?.slice(0, 50))}; set it to ${wanted}.`);
  }
}

function range(min: number, max: number): string {
  return max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
}
