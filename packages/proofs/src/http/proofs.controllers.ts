import { ApiProblems, OutsideTheBuses, PublicWhen } from '@leftfold/http';
import {
  applyDecorators,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Injectable,
  Param,
  Res,
  StreamableFile,
  type Type,
  UseGuards,
} from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SignedCheckpoint } from '../notes/checkpoint.js';
import { formatNote } from '../notes/note.js';
import { formatProof } from '../notes/proof-file.js';
import { Proofs } from '../proving/proofs.js';
import { NoSuchTileError, NotSealedYetError } from '../proving/proving.errors.js';
import { type HashTile, parseTilePath, TILE_WIDTH } from '../tree/tile.js';
import { Cosignatures } from '../witnessing/cosignatures.js';
import { NotCosignedYetError } from '../witnessing/cosigning.errors.js';
import { CosignaturesController } from './cosignatures.controller.js';
import { PositionPipe } from './position.pipe.js';
import { ProofAccess, type Publicity } from './proof-access.js';

const BYTES = 'application/octet-stream';
const TEXT = 'text/plain; charset=utf-8';
/** In s: a year for full tiles, and an hour for partial ones, which nobody asks for again soon. */
const LIFE = { full: 31_536_000, partial: 3_600 } as const;

type WildcardParameters = Readonly<Record<string, string | readonly string[]>>;

/** What the wildcard of a route stands for: Fastify has it as `*`, and Express in parts, under another name. */
function wildcardIn(parameters: WildcardParameters): string {
  return Object.values(parameters).flat().join('/');
}

/** The routes, for one application. @param publicity may change until the application has started */
export function proofsControllers(publicity: Publicity): Type[] {
  @Injectable()
  class ProofGuard implements CanActivate {
    constructor(private readonly access: ProofAccess) {}

    async canActivate(context: ExecutionContext): Promise<boolean> {
      if (!publicity.isPublic) await this.access.check(context.switchToHttp().getRequest<FastifyRequest>());
      return true;
    }
  }
  const Readers = (): ClassDecorator =>
    applyDecorators(
      ApiTags('proofs'),
      PublicWhen(() => publicity.isPublic),
      UseGuards(ProofGuard),
      ApiBearerAuth(),
      ApiProblems('forbidden', 'forbidden'),
    );

  @Readers()
  @Controller('proofs')
  class ProofsController {
    constructor(
      private readonly proofs: Proofs,
      private readonly cosignatures: Cosignatures,
    ) {}

    @Get('checkpoint')
    @ApiOperation({
      summary: 'The last signed checkpoint',
      description:
        'A signed note: C2SP tlog-checkpoint. Signatures of witnesses are below those of the log, if there are any.',
    })
    @ApiOkResponse({ content: { 'text/plain': { schema: { type: 'string' } } } })
    @ApiProblems('not-found', 'not-sealed-yet')
    @OutsideTheBuses()
    async checkpoint(): Promise<StreamableFile> {
      const checkpoint = await this.proofs.checkpoint();
      if (!checkpoint) throw new NotSealedYetError(1);
      return noteOf(await this.cosignatures.of(checkpoint));
    }

    @Get('checkpoint/cosigned')
    @ApiOperation({
      summary: 'The last checkpoint that a witness has signed',
      description:
        'A signed note: C2SP tlog-checkpoint, with the signatures of all trusted witnesses that have signed it.',
    })
    @ApiOkResponse({ content: { 'text/plain': { schema: { type: 'string' } } } })
    @ApiProblems('not-found', 'not-cosigned-yet')
    @OutsideTheBuses()
    async cosigned(): Promise<StreamableFile> {
      const checkpoint = await this.cosignatures.latest();
      if (!checkpoint) throw new NotCosignedYetError();
      return noteOf(checkpoint);
    }

    @Get('tile/*')
    @ApiOperation({
      summary: 'A tile of the tree, or its entries',
      description: '`<L>/<N>[.p/<W>]` for hashes, `entries/<N>[.p/<W>]` for records: C2SP tlog-tiles.',
    })
    @ApiParam({
      name: 'path',
      type: String,
      description: '`<L>/<N>[.p/<W>]` or `entries/<N>[.p/<W>]`',
      example: '0/x001/234',
    })
    @ApiOkResponse({ content: { [BYTES]: { schema: { type: 'string', format: 'binary' } } } })
    @ApiProblems('not-found', 'tile-not-found')
    @ApiProblems('broken-rule', 'event-changed')
    @OutsideTheBuses()
    async tile(
      @Param() parameters: WildcardParameters,
      @Res({ passthrough: true }) reply: FastifyReply,
    ): Promise<StreamableFile> {
      const tile = parseTilePath(wildcardIn(parameters));
      if (!tile) throw new NoSuchTileError();
      const bytes = await (tile.level === 'entries' ? this.proofs.entries(tile) : this.proofs.tile(tile as HashTile));
      const isFull = tile.width === TILE_WIDTH;
      const life = isFull ? `max-age=${LIFE.full}, immutable` : `max-age=${LIFE.partial}`;
      reply.header('cache-control', `public, ${life}`);
      // A shared cache keeps one answer for each token, so that nobody reads without one.
      if (!publicity.isPublic) reply.header('vary', 'Authorization');
      return new StreamableFile(bytes, { type: BYTES });
    }
  }

  @Readers()
  @Controller('events')
  class EventProofController {
    constructor(
      private readonly proofs: Proofs,
      private readonly cosignatures: Cosignatures,
    ) {}

    @Get(':position/proof')
    @ApiOperation({
      summary: 'The proof of one event',
      description: 'A `.tlog-proof` that "leftfold proofs verify-proof" verifies without this server: C2SP tlog-proof.',
    })
    @ApiOkResponse({ content: { 'text/plain': { schema: { type: 'string' } } } })
    @ApiProblems('not-found', 'not-sealed-yet')
    @ApiProblems('broken-rule', 'event-changed')
    @OutsideTheBuses()
    async proof(@Param('position', PositionPipe) position: number): Promise<StreamableFile> {
      const proof = await this.proofs.prove(position);
      const text = formatProof({ ...proof, checkpoint: await this.cosignatures.of(proof.checkpoint) });
      return new StreamableFile(Buffer.from(text), {
        type: TEXT,
        disposition: `attachment; filename="event-${position}.tlog-proof"`,
      });
    }
  }

  return [ProofsController, EventProofController, CosignaturesController];
}

function noteOf({ note }: SignedCheckpoint): StreamableFile {
  return new StreamableFile(Buffer.from(formatNote(note)), { type: TEXT });
}
