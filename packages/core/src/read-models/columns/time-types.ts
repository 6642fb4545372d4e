import { shown, type StoredType, ValueRefusedError } from './stored-type.js';

const copyOfDate = (stored: unknown): Date => new Date(stored as Date);
const textOfDate = (stored: unknown): string => (stored as Date).toISOString();

/**
 * A moment, as a Date: at most milliseconds, truncated if the column holds less.
 * @param precision fractional digits of a second that the column holds
 */
export function momentType(precision: number): StoredType {
  return {
    normalize: (value) => cut(moment(value), precision),
    toDriver: copyOfDate,
    // The driver would drop the seconds of the process's zone offset, which zones had until about 1900.
    toParameter: textOfDate,
    keyText: textOfDate,
  };
}

/** A date and time without a zone. The driver reads and writes it in the zone of the process. */
export function wallClockType(precision: number): StoredType {
  return {
    normalize(value) {
      const at = cut(moment(value), precision);
      if (at.getFullYear() < 1 || at.getFullYear() > 9999) throw outOfRange(value);
      // A local time that occurs twice, when clocks are set back, reads as the first one.
      return new Date(wallClockOf(at));
    },
    toDriver: copyOfDate,
    toParameter: (stored) => wallClockOf(stored as Date),
    keyText: textOfDate,
  };
}

/** A moment as TypeORM writes it on SQLite: text in UTC. */
export const utcTextType: StoredType = {
  // TypeORM writes years of five digits, which are read as other years. A text without a zone is local time, as it has it.
  fromProperty: (value) => moment(value),
  normalize(value) {
    const text =
      typeof value === 'string' && !/[zZ]|[+-]\d\d:?\d\d$/.test(value) ? `${value.replace(' ', 'T')}Z` : value;
    return moment(text).toISOString().replace('T', ' ').replace('Z', '');
  },
  keyText: (stored) => stored as string,
};

/** A day, `YYYY-MM-DD`. @param readsDates whether the driver returns a Date at midnight */
export function dayType(readsDates: boolean): StoredType {
  return {
    normalize(value) {
      const text = value instanceof Date ? dayOf(value) : value;
      const match = typeof text === 'string' ? /^(\d{4}-\d\d-\d\d)(?:[T ].*)?$/.exec(text) : null;
      const [, day] = match ?? [];
      // The Date constructor accepts the 31st of June as the 1st of July.
      if (!day || day < '0001' || new Date(`${day}T00:00:00Z`).toJSON()?.slice(0, 10) !== day) {
        throw new ValueRefusedError(`is no day as YYYY-MM-DD: ${shown(value)}`);
      }
      return day;
    },
    ...(readsDates ? { toDriver: (stored: unknown) => midnight(stored as string) } : {}),
    keyText: (stored) => stored as string,
  };
}

/** A time of day, `HH:MM:SS` with fractional digits. @param precision number of fractional digits */
export function timeOfDayType(precision: number): StoredType {
  return {
    normalize(value) {
      const match = typeof value === 'string' ? /^(\d\d?):(\d\d?)(?::(\d\d?)(?:\.(\d+))?)?$/.exec(value) : null;
      const [, hours = '', minutes = '', seconds = '0', fraction = ''] = match ?? [];
      if (!match || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) {
        throw new ValueRefusedError(`is no time of day as HH:MM:SS: ${shown(value)}`);
      }
      const parts = [hours, minutes, seconds].map((part) => part.padStart(2, '0')).join(':');
      const digits = fraction.slice(0, precision).replace(/0+$/, '');
      return digits ? `${parts}.${digits}` : parts;
    },
    keyText: (stored) => stored as string,
  };
}

function moment(value: unknown): Date {
  const at = typeof value === 'string' || typeof value === 'number' ? new Date(value) : value;
  if (!(at instanceof Date) || Number.isNaN(at.getTime())) {
    throw new ValueRefusedError(`is no moment: ${shown(value)}`);
  }
  if (at.getUTCFullYear() < 1 || at.getUTCFullYear() > 9999) {
    throw outOfRange(value);
  }
  return at;
}

function outOfRange(value: unknown): ValueRefusedError {
  return new ValueRefusedError(`is not in the years 1 to 9999: ${shown(value)}`);
}

function cut(at: Date, precision: number): Date {
  const step = 10 ** Math.max(3 - precision, 0);
  return new Date(Math.floor(at.getTime() / step) * step);
}

/** Local time in the zone of the process, to the millisecond. */
function wallClockOf(at: Date): string {
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, '0'));
  return `${dayOf(at)}T${time.join(':')}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}

function dayOf(at: Date): string {
  const [year, month, day] = [at.getFullYear(), at.getMonth() + 1, at.getDate()];
  return [String(year).padStart(4, '0'), String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-');
}

/** Midnight in the zone of the process, as the driver returns it. */
function midnight(day: string): Date {
  return new Date(`${day}T00:00:00`);
}
