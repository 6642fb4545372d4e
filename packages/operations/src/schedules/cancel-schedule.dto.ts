import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length, Matches } from 'class-validator';

/** Why a schedule is cancelled. The application's log keeps it. */
export class CancelScheduleDto {
  @ApiProperty({ minLength: 1, maxLength: 500 })
  @IsString()
  @Length(1, 500)
  @Matches(/^[^\p{Cc}\p{Cs}]*$/u, { message: 'reason must have printable characters only' })
  reason: string;
}
