/** What is verified of a certificate of forgetting. */
export interface CertificateCheckOptions {
  /** Public keys of the log, beside those that the application has, such as former ones. */
  readonly keys: readonly string[];
}

/** Verifies certificates of forgetting, if the application has proofs. `@leftfold/proofs` provides it. */
export abstract class CertificateCheck {
  /** Whether the log is sealed, so that its certificates are signed. */
  abstract readonly isSealed: boolean;

  /**
   * Verifies a certificate: that this log has signed it, under any of its origins, and what it proves.
   * @throws CertificateRefusedError
   */
  abstract verify(text: string, options: CertificateCheckOptions): Promise<void>;
}
