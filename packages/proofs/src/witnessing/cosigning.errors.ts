import { ExpectedError } from '@leftfold/core';

/** A cosigned checkpoint is not taken. The message says why. */
export class CosignatureRefusedError extends ExpectedError {
  readonly code = 'cosignature-refused';
  readonly kind = 'unprocessable';
}

/** No trusted witness has signed a checkpoint of this log yet. */
export class NotCosignedYetError extends ExpectedError {
  readonly code = 'not-cosigned-yet';
  readonly kind = 'not-found';

  constructor() {
    super('No witness that this log trusts has signed one of its checkpoints yet. Ask for /proofs/checkpoint.');
  }
}
