const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
const STEP = 1_024;
const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** A whole number, such as 12,345. */
export function count(number: number): string {
  return number.toLocaleString('en-US');
}

/** A number with its noun: 1 event, 2 events. */
export function counted(number: number, one: string, several = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : several}`;
}

/** 45 % of 1. Shows 100 % only at the end. */
export function share(fraction: number): string {
  return `${Math.floor(fraction * 100)} %`;
}

/** A size in binary units, such as 12.3 MiB. */
export function size(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  while (amount >= STEP && unit < UNITS.length - 1) {
    amount /= STEP;
    unit++;
  }
  return `${unit === 0 ? amount : amount.toFixed(1)} ${UNITS[unit]}`;
}

/** A duration in its two largest units: 8 s, 3 min 20 s, 2 h 5 min. */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < MINUTE) return `${whole} s`;
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)} min ${whole % MINUTE} s`;
  return `${Math.floor(whole / HOUR)} h ${Math.floor((whole % HOUR) / MINUTE)} min`;
}
