import { ApiProblems, OutsideTheBuses } from '@leftfold/http';
import { Body, type CanActivate, Controller, type ExecutionContext, Injectable, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Cosignatures } from '../witnessing/cosignatures.js';
import { CosignaturesAnswer } from './cosignatures.answer.js';
import { HandInCosignaturesDto } from './hand-in-cosignatures.dto.js';
import { ProofAccess } from './proof-access.js';

/** Asks for a role, also where proofs can be read without one. */
@Injectable()
class HandInGuard implements CanActivate {
  constructor(private readonly access: ProofAccess) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    await this.access.check(context.switchToHttp().getRequest<FastifyRequest>());
    return true;
  }
}

@ApiTags('proofs')
@ApiBearerAuth()
@ApiProblems('forbidden', 'forbidden')
@UseGuards(HandInGuard)
@Controller('proofs/cosignatures')
export class CosignaturesController {
  constructor(private readonly cosignatures: Cosignatures) {}

  @Post()
  @ApiOperation({
    summary: 'Hand in what witnesses have signed',
    description:
      'A checkpoint of this log with the signatures of witnesses. They are verified with the public keys that this application trusts, and served below the checkpoint. ' +
      'A repeat changes nothing.',
  })
  @ApiCreatedResponse({ type: CosignaturesAnswer })
  @ApiProblems('unprocessable', 'cosignature-refused')
  @OutsideTheBuses()
  handIn(@Body() { checkpoint }: HandInCosignaturesDto): Promise<CosignaturesAnswer> {
    return this.cosignatures.add(checkpoint);
  }
}
