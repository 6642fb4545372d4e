import type { SubscriptionState, SubscriptionStatus } from '@leftfold/core';
import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';
import { ReplicaMetrics } from './replica-metrics.js';

const STATES: Readonly<Record<SubscriptionState, true>> = {
  live: true,
  'catching-up': true,
  rebuilding: true,
  paused: true,
  stopped: true,
};
const LABELS = ['subscription', 'kind'] as const;
type Label = (typeof LABELS)[number];

/** The rows of state at the time of the scrape: the same on every node. */
@Injectable()
export class SubscriptionMetrics {
  private readonly position: Gauge<Label>;
  private readonly lag: Gauge<Label>;
  private readonly commands: Gauge<'subscription' | 'state'>;
  private readonly parked: Gauge<Label>;
  private readonly handled: Counter<Label>;
  private readonly discarded: Counter<Label>;
  private readonly restarts: Gauge<Label>;
  private readonly unattended: Gauge<Label>;
  private readonly state: Gauge<'subscription' | 'state'>;

  constructor(
    registry: Registry,
    private readonly replicas: ReplicaMetrics,
  ) {
    const registers = [registry];
    const labelNames = LABELS;
    this.position = new Gauge({
      name: 'leftfold_subscription_position',
      help: 'Position up to which all events are handled, parked or discarded. The same on every node.',
      labelNames,
      registers,
    });
    this.lag = new Gauge({
      name: 'leftfold_subscription_lag',
      help: 'Positions between the checkpoint and the end of the log; of a saga, also its pending commands. The same on every node.',
      labelNames,
      registers,
    });
    this.commands = new Gauge({
      name: 'leftfold_outbox_commands',
      help: 'Commands of a saga in the outbox, without dead letters: pending, or scheduled for later. The same on every node.',
      labelNames: ['subscription', 'state'],
      registers,
    });
    this.parked = new Gauge({
      name: 'leftfold_subscription_parked',
      help: 'Parked events, including dead letters. The same on every node.',
      labelNames,
      registers,
    });
    this.handled = new Counter({
      name: 'leftfold_subscription_handled_total',
      help: 'Events handled, on all nodes together. The same on every node: take the maximum, not the sum.',
      labelNames,
      registers,
    });
    this.discarded = new Counter({
      name: 'leftfold_subscription_discarded_total',
      help: 'Events that an operator discarded. The same on every node: take the maximum, not the sum.',
      labelNames,
      registers,
    });
    this.restarts = new Gauge({
      name: 'leftfold_subscription_restarts',
      help: 'Stops after an error since the last progress, each followed by a pause; 0 while it works. The same on every node.',
      labelNames,
      registers,
    });
    this.unattended = new Gauge({
      name: 'leftfold_subscription_unattended_seconds',
      help: 'For how long no node has run a subscription that is to run; 0 while nodes run it. The same on every node.',
      labelNames,
      registers,
    });
    this.state = new Gauge({
      name: 'leftfold_subscription_state',
      help: 'Is 1 for the current state of a subscription, 0 for the others. The same on every node.',
      labelNames: ['subscription', 'state'],
      registers,
    });
  }

  /** @param statuses undefined when they can't be read: then no series is shown, because the old values may be wrong */
  show(statuses: readonly SubscriptionStatus[] | undefined): void {
    const all = [this.position, this.lag, this.commands, this.parked, this.handled, this.discarded, this.restarts];
    for (const each of [...all, this.unattended, this.state]) each.reset();
    this.replicas.show(statuses);
    for (const { name: subscription, kind, ...status } of statuses ?? []) {
      const labels = { subscription, kind };
      this.position.set(labels, status.position);
      this.lag.set(labels, status.lag);
      if (kind === 'saga') {
        this.commands.set({ subscription, state: 'pending' }, status.pendingCommands);
        this.commands.set({ subscription, state: 'scheduled' }, status.scheduledCommands);
      }
      this.parked.set(labels, status.parked);
      this.handled.inc(labels, status.handled);
      this.discarded.inc(labels, status.discarded);
      this.restarts.set(labels, status.restarts);
      this.unattended.set(labels, status.unattendedFor / 1_000);
      for (const state of Object.keys(STATES)) {
        this.state.set({ subscription, state }, state === status.state ? 1 : 0);
      }
    }
  }
}
