import type { ValueTransformer } from 'typeorm';

/** For columns of type `bigint`, which PostgreSQL returns as text. Only for numbers up to 2^53. */
export const wholeNumber: ValueTransformer = {
  to: (value: number): number => value,
  from: (value: number | string): number => Number(value),
};
