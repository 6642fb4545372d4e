/** Who sent a request, as far as events and logs name people. */
export interface Caller {
  readonly userId: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set once a request is known to come from somebody who has signed in. */
    caller?: Caller;
  }
}
