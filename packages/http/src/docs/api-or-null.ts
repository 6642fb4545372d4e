import type { Type } from '@nestjs/common';
import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';

/** A property that is `Model` or null. With `nullable` beside the model, an OpenAPI 3.0 validator would refuse null. */
export const ApiOrNull =
  (Model: Type, description: string): PropertyDecorator =>
  (target, property) => {
    ApiExtraModels(Model)(target.constructor);
    const anyOf = [{ $ref: getSchemaPath(Model) }, { type: 'object', nullable: true, enum: [null] }];
    ApiProperty({ anyOf, description })(target, property);
  };
