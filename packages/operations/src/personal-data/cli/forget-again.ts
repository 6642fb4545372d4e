import { ExpectedError, type ReplayedForgetting } from '@leftfold/core';
import type { INestApplicationContext } from '@nestjs/common';
import { ForgettingAgain } from '../forgetting-again.js';

/** What became of a subject whose event this log has lost. */
export type Again = 'not needed' | 'forgotten' | 'unknown' | 'not provided' | { readonly refused: string };

/** Has the application forget a subject again whose event is not in the log. */
export async function forgetAgain(app: INestApplicationContext, replayed: ReplayedForgetting): Promise<Again> {
  if (replayed.isInLog) return 'not needed';
  const application = provided(app);
  if (!application) return 'not provided';
  try {
    return (await application.forget(replayed)) ? 'forgotten' : 'unknown';
  } catch (error) {
    if (error instanceof ExpectedError) return { refused: error.message };
    throw error;
  }
}

function provided(app: INestApplicationContext): ForgettingAgain | undefined {
  try {
    return app.get(ForgettingAgain, { strict: false });
  } catch (error) {
    // Nest does not export its class.
    if ((error as Error).constructor.name !== 'UnknownElementException') throw error;
    return undefined;
  }
}
