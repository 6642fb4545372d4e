import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { FieldError } from './validation-failed.error.js';

/** Media type of problem documents (RFC 9457). */
export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

class ProblemField implements FieldError {
  @ApiProperty({ example: 'email' })
  readonly field: string;

  @ApiProperty({ example: 'email must be an email' })
  readonly message: string;
}

/** RFC 9457, Problem Details for HTTP APIs. */
export class Problem {
  @ApiProperty({ example: 'validation-failed', description: 'The code: stable, meant to be compared by programs.' })
  readonly type: string;

  @ApiProperty({ example: 'Validation failed' })
  readonly title: string;

  @ApiProperty({ example: 400 })
  readonly status: number;

  @ApiProperty({ description: 'One sentence for people.' })
  readonly detail: string;

  @ApiProperty({ example: '/users', description: 'The path of the request.' })
  readonly instance: string;

  @ApiPropertyOptional({ type: [ProblemField], description: 'With validation-failed.' })
  readonly errors?: readonly FieldError[];

  @ApiPropertyOptional({ description: 'Only with `internal-error`: the id under which the log has the error.' })
  readonly correlationId?: string;
}

/** A problem that is not yet tied to a request. */
export type Refusal = Pick<Problem, 'status' | 'detail' | 'errors' | 'correlationId'> & {
  readonly code: string;
  /** In seconds. */
  readonly retryAfter?: number;
};

/**
 * Makes the problem document of a refusal.
 * @param path of the request
 */
export function problemOf({ code, status, detail, errors, correlationId }: Refusal, path: string): Problem {
  const title = code.charAt(0).toUpperCase() + code.slice(1).replaceAll('-', ' ');
  return {
    type: code,
    title,
    status,
    detail,
    instance: path,
    ...(errors && { errors }),
    ...(correlationId !== undefined && { correlationId }),
  };
}
