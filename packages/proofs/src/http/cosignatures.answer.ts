import { ApiProperty } from '@nestjs/swagger';

/** What was stored of a cosigned checkpoint. */
export class CosignaturesAnswer {
  @ApiProperty({ description: 'Names the log' })
  origin: string;

  @ApiProperty({ minimum: 1, description: 'Number of events under the checkpoint' })
  size: number;

  @ApiProperty({ type: [String], description: 'Names and ids of the keys of trusted witnesses' })
  witnesses: readonly string[];
}
