import { OutsideTheBuses, Public } from '@leftfold/http';
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Settings } from '../config/settings.js';
import { API } from './configure-app.js';

class LinksAnswer {
  @ApiPropertyOptional({ description: 'Pages to read and try the API. Absent when they are off.' })
  readonly docs?: string;

  @ApiPropertyOptional({ description: 'The OpenAPI document.' })
  readonly openApi?: string;

  @ApiProperty()
  readonly live: string;

  @ApiProperty()
  readonly ready: string;

  @ApiProperty({ description: 'For Prometheus, on the same machine or with a token.' })
  readonly metrics: string;
}

class RootAnswer {
  @ApiProperty()
  readonly name: string;

  @ApiProperty({ description: 'Of the API.' })
  readonly version: string;

  @ApiProperty()
  readonly links: LinksAnswer;
}

/** Where to go from the address that the start prints. */
@ApiTags('health')
@Public()
@Controller()
export class RootController {
  constructor(private readonly settings: Settings) {}

  @Get()
  @ApiOperation({ summary: 'Where things are', description: 'Name and version of the API, and links to begin with.' })
  @OutsideTheBuses()
  @ApiOkResponse({ type: RootAnswer })
  get(): RootAnswer {
    const { docs, role } = this.settings;
    const documented = docs && role !== 'worker' ? { docs: '/docs', openApi: '/docs-json' } : {};
    return {
      name: API.title,
      version: API.version,
      links: { ...documented, live: '/health/live', ready: '/health/ready', metrics: '/metrics' },
    };
  }
}
