import type { onRequestHookHandler } from 'fastify';
import helmet, { type HelmetOptions } from 'helmet';

/** The only pages are those of /docs: Swagger UI serves its own scripts, and uses inline styles and images. */
const SECURITY_HEADERS: HelmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
};

/** The headers of helmet. They are the same for every answer, so they are made once. */
export function sendSecurityHeaders(): onRequestHookHandler {
  const send = helmet(SECURITY_HEADERS);
  return (request, reply, done) => send(request.raw, reply.raw, (error) => done(error as Error | undefined));
}
