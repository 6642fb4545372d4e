import { Public } from '@leftfold/http';
import { Controller, Get, Header, Res, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Exposition } from './exposition.js';
import { ScrapeGuard } from './scrape.guard.js';

/** Public for the sign-in guard: a metrics scraper is not a user. */
@ApiExcludeController()
@Public()
@UseGuards(ScrapeGuard)
@Controller('metrics')
export class MetricsController {
  constructor(private readonly exposition: Exposition) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  async scrape(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const text = await this.exposition.text();
    reply.header('content-type', this.exposition.contentType);
    return text;
  }
}
