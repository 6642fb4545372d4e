import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length, MaxLength } from 'class-validator';

/** One that is chosen. */
export const IsNewPassword = () =>
  applyDecorators(ApiProperty({ format: 'password', minLength: 10, maxLength: 128 }), Length(10, 128));

/** One that is compared: only what can't be a password at all is refused here. */
export const IsCurrentPassword = () =>
  applyDecorators(ApiProperty({ format: 'password', maxLength: 128 }), IsString(), MaxLength(128));
