import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SetupError } from '@leftfold/core';
import { newSigningKey } from '../notes/keys.js';
import { resolveProofsOptions } from './proofs-options.js';

const keys = [newSigningKey('log.example')];

it('takes a memory that does not exist yet, in a folder that does', () => {
  const memory = join(tmpdir(), 'no-checkpoint-yet');
  expect(resolveProofsOptions({ keys, memory })).toMatchObject({ memory });
});

it.each([['/nowhere/last'], [join(import.meta.filename, 'last')]])(
  'refuses the memory %s, without a folder',
  (memory) => {
    const resolving = (): unknown => resolveProofsOptions({ keys, memory });
    expect(resolving).toThrow(SetupError);
    expect(resolving).toThrow(/^The memory of ProofsModule is \S+, and there is no folder \S+\. Make the folder,/);
  },
);
