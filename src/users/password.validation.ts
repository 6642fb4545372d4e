import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length, MaxLength } from 'class-validator';

/** A new password. */
export const IsNewPassword = () =>
  applyDecorators(ApiProperty({ format: 'password', minLength: 10, maxLength: 128 }), Length(10, 128));

/** A password to compare: only what can't be a password is refused here. */
export const IsCurrentPassword = () =>
  applyDecorators(ApiProperty({ format: 'password', maxLength: 128 }), IsString(), MaxLength(128));
