import { OutsideTheBuses, Public } from '@leftfold/http';
import { Controller, Get, Header, Res, ServiceUnavailableException } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { HealthCheckService, type HealthIndicatorFunction } from '@nestjs/terminus';
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

  /**
   * The process runs and answers, and needs no restart. It asks no database: a restart would not fix one that is
   * unavailable.
   */
  @Get('live')
  @ApiOperation({
    summary: 'Is the process alive?',
    description:
      'Asks no database: a restart would not repair one. Fails when only a restart helps, after a failover of PostgreSQL.',
  })
  @OutsideTheBuses()
  @Header('Cache-Control', 'no-store')
  @ApiHealthAnswers()
  live(@Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    return this.check(reply, [() => this.readiness.process()]);
  }

  @Get('ready')
  @ApiOperation({
    summary: 'Can the process serve?',
    description:
      'Checks the databases, the read models and how far they are behind, and that a node runs each subscription. Degraded when a ' +
      'side effect or a saga has stopped after an error, or when messages of the broker do not arrive.',
  })
  @OutsideTheBuses()
  @Header('Cache-Control', 'no-store')
  @ApiHealthAnswers()
  ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    return this.check(reply, [
      () => this.readiness.database('events'),
      () => this.readiness.database('views'),
      () => this.readiness.readModels(),
      () => this.readiness.messages(),
    ]);
  }

  private async check(reply: FastifyReply, indicators: HealthIndicatorFunction[]): Promise<unknown> {
    try {
      return await this.health.check(indicators);
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      // Probes expect Terminus's own format rather than a problem document.
      reply.status(error.getStatus());
      return error.getResponse();
    }
  }
}
