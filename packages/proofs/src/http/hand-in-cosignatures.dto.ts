import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';

/** A checkpoint that witnesses have signed. */
export class HandInCosignaturesDto {
  @ApiProperty({
    minLength: 1,
    maxLength: 50_000,
    description:
      'A signed note: a checkpoint of this log with its signatures and those of witnesses, C2SP tlog-checkpoint.',
  })
  @IsString()
  @Length(1, 50_000)
  checkpoint: string;
}
