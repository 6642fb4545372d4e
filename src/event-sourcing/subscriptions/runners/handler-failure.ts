import type { RecordedEvent } from '../../event-log/recorded-event.js';

/** A handler threw, or what it wrote could not be stored. */
export class HandlerFailure extends Error {
  constructor(
    readonly event: RecordedEvent,
    override readonly cause: unknown,
  ) {
    super(`${messageOf(cause)} (${event.type} at position ${event.position})`);
    this.name = 'HandlerFailure';
    if (cause instanceof Error && cause.stack) this.stack = cause.stack;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function stackOf(error: unknown): string | null {
  return error instanceof Error ? (error.stack ?? null) : null;
}
