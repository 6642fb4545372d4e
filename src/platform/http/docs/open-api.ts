import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, getSchemaPath, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { Problem, PROBLEM_CONTENT_TYPE } from '../problems/problem.js';

/** Serves the OpenAPI document at /docs-json, and pages to read and try it at /docs. It is built when first asked for. */
export function serveDocs(app: INestApplication): void {
  SwaggerModule.setup('docs', app, () => describeApi(app), { raw: ['json'], customSiteTitle: 'Leftfold' });
}

function describeApi(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Leftfold')
    .setDescription('Every refusal is an RFC 9457 problem document whose `type` is a bare code.')
    .setVersion('1')
    .addBearerAuth()
    .addSecurityRequirements('bearer')
    .addGlobalResponse({
      status: 'default',
      description: 'A problem',
      content: { [PROBLEM_CONTENT_TYPE]: { schema: { $ref: getSchemaPath(Problem) } } },
    })
    .build();
  return SwaggerModule.createDocument(app, config, { extraModels: [Problem] });
}
