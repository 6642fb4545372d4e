import { ApiProblems } from '@leftfold/http';
import { applyDecorators, type CanActivate, type ExecutionContext, Injectable, UseGuards } from '@nestjs/common';
import { ApiBearerAuth } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { OperatorAccess } from './operator-access.js';

@Injectable()
class OperatorGuard implements CanActivate {
  constructor(private readonly access: OperatorAccess) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    await this.access.check(context.switchToHttp().getRequest<FastifyRequest>());
    return true;
  }
}

/** Restricts these routes to callers that the application's `OperatorAccess` lets operate. */
export function OperatorsOnly(): ClassDecorator {
  return applyDecorators(UseGuards(OperatorGuard), ApiBearerAuth(), ApiProblems('forbidden', 'forbidden'));
}
