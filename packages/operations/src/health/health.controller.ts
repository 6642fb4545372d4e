import { OutsideTheBuses, Public } from '@leftfold/http';
import { Controller, Get, Header, Res, ServiceUnavailableException } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type HealthCheckResult, HealthCheckService } from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';
import { ApiHealthAnswers } from './health-answers.js';
import { Readiness } from './readiness.js';

@ApiTags('health')
@Public()
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly readiness: Readiness,
  ) {}

  /** The process runs and answers. It checks nothing else: a restart would not fix an unavailable database. */
  @Get('live')
  @ApiOperation({
    summary: 'Is the process alive?',
    description: 'Checks nothing else: a restart would not repair a database.',
  })
  @OutsideTheBuses()
  @Header('Cache-Control', 'no-store')
  @ApiHealthAnswers()
  live(): Promise<HealthCheckResult> {
    return this.health.check([]);
  }

  @Get('ready')
  @ApiOperation({
    summary: 'Can the process serve?',
    description: 'Checks the databases, the read models and how far they are behind.',
  })
  @OutsideTheBuses()
  @Header('Cache-Control', 'no-store')
  @ApiHealthAnswers()
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    try {
      return await this.health.check([
        () => this.readiness.database('events'),
        () => this.readiness.database('views'),
        () => this.readiness.readModels(),
      ]);
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      // Probes expect Terminus's own format rather than a problem document.
      reply.status(error.getStatus());
      return error.getResponse();
    }
  }
}
