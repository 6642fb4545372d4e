import type { ErrorKind } from '@leftfold/core';
import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { Problem, PROBLEM_CONTENT_TYPE } from '../problems/problem.js';
import { STATUS_OF } from '../problems/statuses.js';

/** Documents the codes with which a route may refuse: `@ApiProblems('broken-rule', 'email-taken')`. */
export function ApiProblems(kind: ErrorKind, ...codes: string[]): MethodDecorator & ClassDecorator {
  return applyDecorators(
    ApiExtraModels(Problem),
    ApiResponse({
      status: STATUS_OF[kind],
      description: codes.map((code) => `\`${code}\``).join(', '),
      content: { [PROBLEM_CONTENT_TYPE]: { schema: { $ref: getSchemaPath(Problem) } } },
    }),
  );
}
