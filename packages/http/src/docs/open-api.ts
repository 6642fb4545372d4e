import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, getSchemaPath, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { Problem, PROBLEM_CONTENT_TYPE } from '../problems/problem.js';
import { describeHeaders } from './describe-headers.js';

/** Title of the API on the pages. */
export interface ApiTitle {
  readonly title: string;
  readonly version: string;
}

/** Serves the OpenAPI document at /docs-json, and pages to read and try it at /docs. The document is built on the first request. */
export function serveDocs(app: INestApplication, api: ApiTitle): void {
  SwaggerModule.setup('docs', app, () => describeApi(app, api), { raw: ['json'], customSiteTitle: api.title });
}

function describeApi(app: INestApplication, { title, version }: ApiTitle): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle(title)
    .setDescription('Every refusal is an RFC 9457 problem document whose `type` is a bare code.')
    .setVersion(version)
    .addBearerAuth()
    .addSecurityRequirements('bearer')
    .addGlobalResponse({
      status: 'default',
      description: 'A problem',
      content: { [PROBLEM_CONTENT_TYPE]: { schema: { $ref: getSchemaPath(Problem) } } },
    })
    .build();
  return describeHeaders(SwaggerModule.createDocument(app, config, { extraModels: [Problem] }));
}
