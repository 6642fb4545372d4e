import { ExpectedError } from '../../errors.js';

/** Nobody is forgotten by this certificate. The message says what is wrong with it. */
export class CertificateRefusedError extends ExpectedError {
  readonly code = 'certificate-refused';
  readonly kind = 'unprocessable';

  constructor(
    message: string,
    /** Whether it is refused only because it has no signature. */
    readonly isUnsigned = false,
  ) {
    super(message);
  }
}
