import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';

/** Documents a list of `Item`. */
export function ApiPage(Item: Type): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(Item),
    ApiOkResponse({
      schema: {
        required: ['items', 'nextCursor'],
        properties: {
          items: { type: 'array', items: { $ref: getSchemaPath(Item) } },
          nextCursor: { type: 'string', nullable: true },
        },
      },
    }),
  );
}
