import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

class ForgottenEventsAnswer {
  @ApiProperty({ type: 'integer' })
  readonly count: number;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Position of the first one.' })
  readonly first: number | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Position of the last one.' })
  readonly last: number | null;
}

/** See `ForgettingCertificate`. */
export class CertificateAnswer {
  @ApiProperty({ example: 'leftfold-forgetting/v1' })
  readonly format: string;

  @ApiProperty({ description: 'The id of the user.' })
  readonly subject: string;

  @ApiProperty({ format: 'uuid' })
  readonly eventId: string;

  @ApiProperty({ type: 'integer' })
  readonly position: number;

  @ApiProperty({ format: 'date-time' })
  readonly forgottenAt: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'array', items: { type: 'string' } },
    example: { 'users.user-registered': ['email', 'username'] },
  })
  readonly fields: Readonly<Record<string, readonly string[]>>;

  @ApiProperty({ type: ForgottenEventsAnswer })
  readonly events: ForgottenEventsAnswer;

  @ApiProperty({ type: String, nullable: true, description: 'Names the log; null when it is not sealed.' })
  readonly origin: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The last checkpoint that was signed before.' })
  readonly before: string | null;

  @ApiProperty({ type: [String], description: 'That the log only grew since the checkpoint before.' })
  readonly consistency: readonly string[];

  @ApiProperty({ type: String, nullable: true, description: 'The `.tlog-proof` of the event.' })
  readonly proof: string | null;

  @ApiProperty({ type: [String], description: 'None when the log is not sealed.' })
  readonly signatures: readonly string[];
}

export class ErasureAnswer {
  @ApiProperty({ format: 'uuid' })
  readonly userId: string;

  @ApiPropertyOptional({ type: CertificateAnswer, description: 'Left out with 202.' })
  readonly certificate?: CertificateAnswer;
}
