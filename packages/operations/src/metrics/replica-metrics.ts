import { Databases, type SubscriptionStatus } from '@leftfold/core';
import { Inject, Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';

/** The replicas that answer queries, as this process sees them. */
@Injectable()
export class ReplicaMetrics {
  private readonly up: Gauge<'replica'>;
  private readonly lag: Gauge<'replica'>;

  constructor(
    @Inject(Databases) private readonly databases: Pick<Databases, 'replicas'>,
    registry: Registry,
  ) {
    const registers = [registry];
    this.up = new Gauge({
      name: 'leftfold_replica_up',
      help: 'Is 1 while this process sends queries to a replica, and 0 while it leaves it out.',
      labelNames: ['replica'],
      registers,
    });
    this.lag = new Gauge({
      name: 'leftfold_replica_lag',
      help: 'Positions that the read model furthest behind on a replica is behind the primary, as last seen; also while it is left out for that.',
      labelNames: ['replica'],
      registers,
    });
  }

  /** @param statuses those on the primary; undefined when they can't be read */
  show(statuses: readonly SubscriptionStatus[] | undefined): void {
    this.up.reset();
    this.lag.reset();
    const readModels = statuses?.filter(({ kind }) => kind === 'read-model');
    for (const { name: replica, isUp, positions } of this.databases.replicas) {
      this.up.set({ replica }, isUp ? 1 : 0);
      if (!readModels || (!isUp && positions.size === 0)) continue;
      const behind = readModels.map(({ name, position }) => position - (positions.get(name) ?? 0));
      this.lag.set({ replica }, Math.max(0, ...behind));
    }
  }
}
