/** The caller of a request, as events and logs name it. */
export interface Caller {
  readonly userId: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set once a request is known to come from a signed-in user. */
    caller?: Caller;
  }
}
