import { ApiExtension } from '@nestjs/swagger';

/** Marks in the document, which `describeHeaders` reads and takes out. */
export const OUTSIDE_THE_BUSES = 'x-leftfold-outside-the-buses';
export const REFUSES_IDEMPOTENCY_KEY = 'x-leftfold-refuses-idempotency-key';

/**
 * For a route that neither executes a command nor asks a query in its request. The headers of commands and queries, such as
 * `Idempotency-Key` and `Leftfold-Min-Position`, do nothing there, and the OpenAPI document leaves them out.
 */
export function OutsideTheBuses(): MethodDecorator {
  return ApiExtension(OUTSIDE_THE_BUSES, true);
}
