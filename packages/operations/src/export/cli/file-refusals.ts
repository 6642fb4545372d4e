import { UnreadableFileError } from '@leftfold/core';
import { CommandRefusedError } from '../../cli/usage.errors.js';

const CODES = ['ENOENT', 'EACCES', 'EPERM', 'EISDIR', 'ENOTDIR', 'ENOSPC', 'EROFS'];

/** Runs the work. What is wrong with the file ends the command with a sentence. @throws CommandRefusedError */
export async function refusingFiles<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, path: place, syscall } = error as NodeJS.ErrnoException;
    // A file gets its name once it is complete, so the error may name a part of it.
    const isOfFile = syscall !== undefined && CODES.includes(String(code)) && (place?.startsWith(path) ?? true);
    if (error instanceof UnreadableFileError || isOfFile) {
      throw new CommandRefusedError(`${path}: ${(error as Error).message}`);
    }
    throw error;
  }
}
