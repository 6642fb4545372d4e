import type { FastifyRequest } from 'fastify';

/** Who may operate. The application provides it, because only the application knows its users: see `OperationsModule.forRoot`. */
export abstract class OperatorAccess {
  /**
   * Resolves when the caller may operate now.
   * @throws ExpectedError, of the kind `unauthenticated` or `forbidden`, when the caller may not
   */
  abstract check(request: FastifyRequest): Promise<void>;

  /** Whether a live stream may continue. Called every second for each stream. */
  abstract mayGoOn(request: FastifyRequest): Promise<boolean>;

  /** When a live stream must end at the latest, such as the end of the caller's session. */
  abstract endOf(request: FastifyRequest): Date;
}
