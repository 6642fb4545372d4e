/** The body is compressed, or encoded otherwise. */
export class EncodedBodyError extends Error {
  static readonly CODE = 'encoded-body';
  readonly code = EncodedBodyError.CODE;
}
