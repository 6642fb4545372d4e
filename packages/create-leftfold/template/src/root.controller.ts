import { OutsideTheBuses } from '@leftfold/http';
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty } from '@nestjs/swagger';

class LinksAnswer {
  @ApiProperty({ description: 'Pages to read and try the API.' })
  readonly docs: string;

  @ApiProperty({ description: 'The OpenAPI document.' })
  readonly openApi: string;

  @ApiProperty()
  readonly tasks: string;
}

class RootAnswer {
  @ApiProperty()
  readonly name: string;

  @ApiProperty()
  readonly links: LinksAnswer;
}

/** Where to go from the address that the start prints. */
@Controller()
export class RootController {
  @Get()
  @ApiOperation({ summary: 'Where things are', description: 'Links to begin with.' })
  @OutsideTheBuses()
  @ApiOkResponse({ type: RootAnswer })
  get(): RootAnswer {
    return { name: 'my-shop', links: { docs: '/docs', openApi: '/docs-json', tasks: '/tasks' } };
  }
}
