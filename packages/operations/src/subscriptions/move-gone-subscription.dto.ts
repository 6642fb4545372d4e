import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';

/** Who is to do what is left. */
export class MoveGoneSubscriptionDto {
  @ApiProperty({ example: 'users.welcome-mail' })
  @IsString()
  @Length(1, 255)
  successor: string;
}
