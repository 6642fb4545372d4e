import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiServiceUnavailableResponse } from '@nestjs/swagger';

type Schema = Record<string, unknown>;

const UP = { database: { status: 'up', responseTime: 12 } };
const DOWN = { redis: { status: 'down', message: 'Could not connect', responseTime: 3005 } };

/**
 * Documents the answers of Terminus in its own words. Its decorator `HealthCheck` does so too, but it requires
 * `@nestjs/swagger` beside the imports: a bundled program then loads that package and all of Nest a second time.
 */
export function ApiHealthAnswers(): MethodDecorator {
  return applyDecorators(
    ApiServiceUnavailableResponse({
      description: 'The Health Check is not successful',
      schema: answer('error', ['error', 'shutting_down'], UP, DOWN, { ...UP, ...DOWN }),
    }),
    ApiOkResponse({
      description: 'The Health Check is successful',
      schema: answer('ok', ['ok', 'degraded'], UP, {}, UP),
    }),
  );
}

function answer(example: string, statuses: string[], info: Schema, error: Schema, details: Schema): Schema {
  return {
    type: 'object',
    properties: {
      status: { type: 'string', enum: statuses, example },
      info: { ...indicators(info), nullable: true },
      error: { ...indicators(error), nullable: true },
      details: indicators(details),
    },
  };
}

function indicators(example: Schema): Schema {
  return {
    type: 'object',
    example,
    additionalProperties: {
      type: 'object',
      required: ['status'],
      properties: {
        status: { type: 'string', enum: ['up', 'degraded', 'down'] },
        responseTime: { type: 'number', description: 'Time the health indicator took to respond, in ms' },
      },
      additionalProperties: true,
    },
  };
}
