import { newSigningKey, ProofsModule, Sealed } from '@leftfold/proofs';
import type { INestApplicationContext } from '@nestjs/common';
import type { Target } from '../contract.js';
import { startKernel } from './kernel.js';
import { LeftfoldStore } from './leftfold-store.js';

/** Leftfold that seals its log in the same process. */
export class SealedStore extends LeftfoldStore {
  constructor(private readonly node: INestApplicationContext) {
    super(node);
  }

  isSealedTo(position: number, limit: number): Promise<boolean> {
    return this.node.get(Sealed, { strict: false }).waitFor(position, limit);
  }
}

/** @param isSealed whether it seals; it runs subscriptions in both cases */
export async function openSealed(target: Target, isSealed: boolean): Promise<SealedStore> {
  const keys = [newSigningKey('bench')];
  const proofs = ProofsModule.forRootAsync({ useFactory: () => (isSealed ? { keys } : undefined) });
  return new SealedStore(await startKernel(target, { runSubscriptions: true }, { extra: { imports: [proofs] } }));
}
