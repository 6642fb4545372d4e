import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';

/** The subscription that takes over the remaining work. */
export class MoveGoneSubscriptionDto {
  @ApiProperty({ example: 'users.welcome-mail' })
  @IsString()
  @Length(1, 255)
  successor: string;
}
