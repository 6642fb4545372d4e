/**
 * Member of the stored data of an event that has its personal fields in encrypted form. An event of an application can't
 * have a member of this name.
 */
export const PERSONAL = '$personal';

const RESERVED = new Set([PERSONAL, 'type', '__proto__', 'constructor', 'prototype']);

/** Whether a field of this name can't be personal. */
export function isReserved(name: string): boolean {
  return RESERVED.has(name);
}
