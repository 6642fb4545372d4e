import type { FastifyRequest } from 'fastify';

/** Who may operate. The application provides it, because it alone knows its users: see `OperationsModule.forRoot`. */
export abstract class OperatorAccess {
  /**
   * Settles when the caller may operate now.
   * @throws ExpectedError, of the kind `unauthenticated` or `forbidden`, when the caller may not
   */
  abstract check(request: FastifyRequest): Promise<void>;

  /** Whether an answer that goes on may go on. Asked at every heartbeat of a live stream. */
  abstract mayGoOn(request: FastifyRequest): Promise<boolean>;

  /** When an answer that goes on must end at the latest, such as the end of the caller's session. */
  abstract endOf(request: FastifyRequest): Date;
}
