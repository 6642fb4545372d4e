import { IsInt, Max, Min } from 'class-validator';

export class RevertProfileDto {
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  toVersion: number;
}
