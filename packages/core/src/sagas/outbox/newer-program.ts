import { NewerEventError, UnknownEventTypeError } from '../../event-log/event-serializer.js';
import { UnknownCommandError } from '../../commands/stored-commands.js';

const NEWER = [NewerEventError, UnknownEventTypeError, UnknownCommandError];
/** Causes are in a circle, or not worth a look, beyond this. */
const DEEPEST = 10;

/**
 * Whether an error says, itself or by its cause, that what is stored is of a newer program than this one. During a rolling
 * deployment that is so on the nodes of the version before, and another node can do the work.
 */
export function needsNewerProgram(error: unknown): boolean {
  let each = error;
  for (let depth = 0; depth < DEEPEST && each instanceof Error; depth++) {
    if (NEWER.some((known) => each instanceof known)) return true;
    each = each.cause;
  }
  return false;
}
