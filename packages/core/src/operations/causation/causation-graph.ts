import { commandIdOfEffect } from '../../side-effects/origin-of-effect.js';
import type { SagaCommandState } from '../../sagas/outbox/saga-command.entity.js';
import type { ParkedState } from '../../subscriptions/parking/parked-event.entity.js';
import type { RecordedEvent } from '../../event-log/recorded-event.js';

/** What began it: a request, a message of a broker, or a call of the program. Its id is the correlation id. */
export interface RequestStep {
  readonly kind: 'request';
  readonly id: string;
  readonly actor: string;
  /** When its first event was recorded. */
  readonly recordedAt: Date;
}

/** An event of the log. Its id is the event's. */
export interface EventStep {
  readonly kind: 'event';
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly version: number;
  readonly position: number;
  readonly actor: string;
  readonly recordedAt: Date;
}

/** A command that something stored has caused. Its id is the command's. */
export interface CommandStep {
  readonly kind: 'command';
  readonly id: string;
  /** The saga, the recurring job or the handler of messages that sent it, as the actor of its events. */
  readonly actor: string;
  /** Its stored name, while it is in the outbox. */
  readonly command?: string;
  /** `done` when it has stored events and is no longer in the outbox. */
  readonly state: 'done' | 'waiting' | 'ready' | 'retrying' | 'dead';
  /** When its first event was recorded. */
  readonly recordedAt?: Date;
  /** When it is tried next. */
  readonly dueAt?: Date;
}

/** A command that a saga has scheduled and that has not begun. Its id is the schedule's. */
export interface ScheduleStep {
  readonly kind: 'schedule';
  readonly id: string;
  readonly saga: string;
  readonly key: string;
  readonly command: string;
  readonly dueAt: Date;
}

/** A side effect of an event. Its id is `<subscription>/<event id>`. */
export interface SideEffectStep {
  readonly kind: 'side-effect';
  readonly id: string;
  readonly subscription: string;
  /** `done` is also what an operator has discarded; `pending` when the side effect has not come so far. */
  readonly state: 'done' | 'pending' | 'waiting' | 'retrying' | 'dead';
  /** When it is tried next, while it is `retrying`. */
  readonly dueAt?: Date;
}

/** An event or a command that failed for good. Its id is the dead letter's. */
export interface DeadLetterStep {
  readonly kind: 'dead-letter';
  readonly id: string;
  /** The side effect or the saga. */
  readonly subscription: string;
  readonly attempts: number;
  readonly firstFailedAt: Date;
  readonly lastFailedAt: Date;
  readonly error: string;
}

/** One step of a story. */
export type CausationNode = RequestStep | EventStep | CommandStep | ScheduleStep | SideEffectStep | DeadLetterStep;

/** One step has caused another. Both are ids of nodes. */
export interface CausationEdge {
  readonly from: string;
  readonly to: string;
}

/** What followed from one request, and from what. */
export interface CausationGraph {
  /** The request first, then by the position of the event that is it, or caused it. */
  readonly nodes: readonly CausationNode[];
  readonly edges: readonly CausationEdge[];
  /** Whether there are more events than the graph has. */
  readonly isCut: boolean;
}

/** A command in the outbox. */
export interface OutboxFact {
  readonly id: string;
  readonly saga: string;
  readonly actor: string;
  readonly command: string;
  readonly state: SagaCommandState;
  readonly dueAt: Date | undefined;
  readonly scheduleKey: string | null;
  /** Empty if no event caused it. */
  readonly causationId: string;
  readonly letter: DeadLetterStep | undefined;
}

/** An event that a subscription has parked. */
export interface ParkedFact {
  readonly subscription: string;
  readonly position: number;
  readonly state: ParkedState;
  readonly dueAt: Date | undefined;
  readonly letter: DeadLetterStep | undefined;
}

/** A side effect of this program, and which events it has come to. */
export interface EffectFact {
  readonly subscription: string;
  /** Whether the event is one of its own, and whether it is behind it. */
  readonly stateOf: (event: RecordedEvent) => 'done' | 'pending' | undefined;
}

export interface CausationFacts {
  /** In order. */
  readonly events: readonly RecordedEvent[];
  readonly isCut: boolean;
  readonly outbox: readonly OutboxFact[];
  readonly parked: readonly ParkedFact[];
  readonly effects: readonly EffectFact[];
}

/** Puts together what followed from what. */
export function causationGraph(correlationId: string, facts: CausationFacts): CausationGraph {
  return new Drawing(correlationId, facts).drawn();
}

class Drawing {
  private readonly nodes = new Map<string, CausationNode>();
  private readonly edges = new Map<string, CausationEdge>();
  private readonly outbox: ReadonlyMap<string, OutboxFact>;

  constructor(
    private readonly correlationId: string,
    private readonly facts: CausationFacts,
  ) {
    this.outbox = new Map(facts.outbox.map((each) => [each.id, each]));
  }

  drawn(): CausationGraph {
    const { events, outbox, parked, isCut } = this.facts;
    this.addRequest();
    // Before what they cause: an event names only what is before it.
    const effects = this.effectsByCommand();
    for (const event of events) this.addEvent(event, effects);
    for (const command of outbox) this.addFromOutbox(command);
    for (const each of parked) this.addParked(each);
    return { nodes: [...this.nodes.values()], edges: [...this.edges.values()], isCut };
  }

  /** A run of a recurring job has the id of its command as its correlation id: there the command is the first node. */
  private addRequest(): void {
    const [first] = this.facts.events;
    if (!first || this.outbox.has(this.correlationId) || first.metadata.commandId === this.correlationId) return;
    const { actor } = first.metadata;
    this.add({ kind: 'request', id: this.correlationId, actor, recordedAt: first.recordedAt });
  }

  private addEvent(event: RecordedEvent, effects: ReadonlyMap<string, string>): void {
    const { eventId: id, type, stream, version, position, recordedAt } = event;
    const { actor, causationId, commandId } = event.metadata;
    const effect = commandId === undefined ? undefined : effects.get(commandId);
    const isCommand = commandId !== undefined && (causationId !== undefined || commandId === this.correlationId);
    let cause = effect ?? this.known(causationId);
    if (isCommand && effect === undefined) {
      this.addCommand(commandId, actor, recordedAt);
      this.connect(cause, commandId);
      cause = commandId;
    }
    this.add({ kind: 'event', id, type, stream, version, position, actor, recordedAt });
    this.connect(cause, id);
    for (const { subscription, stateOf } of this.facts.effects) {
      const state = stateOf(event);
      if (state === undefined) continue;
      this.add({ kind: 'side-effect', id: effectId(subscription, id), subscription, state });
      this.connect(id, effectId(subscription, id));
    }
  }

  private addCommand(id: string, actor: string, recordedAt: Date): void {
    if (this.nodes.has(id)) return;
    const { command, state = 'done', dueAt } = this.outbox.get(id) ?? {};
    if (state === 'scheduled') return;
    this.add({ kind: 'command', id, actor, ...(command && { command }), state, recordedAt, ...(dueAt && { dueAt }) });
  }

  private addFromOutbox({
    id,
    saga,
    actor,
    command,
    state,
    dueAt,
    scheduleKey,
    causationId,
    letter,
  }: OutboxFact): void {
    if (!this.nodes.has(id)) {
      if (state === 'scheduled')
        this.add({ kind: 'schedule', id, saga, key: scheduleKey ?? '', command, dueAt: dueAt! });
      else this.add({ kind: 'command', id, actor, command, state, ...(dueAt && { dueAt }) });
      this.connect(this.known(causationId), id);
    }
    if (letter) {
      this.add(letter);
      this.connect(id, letter.id);
    }
  }

  private addParked({ subscription, position, state, dueAt, letter }: ParkedFact): void {
    const event = this.facts.events.find((each) => each.position === position)!;
    const id = effectId(subscription, event.eventId);
    const effect = this.nodes.get(id);
    if (effect) this.add({ kind: 'side-effect', id, subscription, state, ...(dueAt && { dueAt }) });
    if (letter) {
      this.add(letter);
      this.connect(effect ? id : event.eventId, letter.id);
    }
  }

  /** The side effects of the events, by the id of the command that each may have sent. */
  private effectsByCommand(): Map<string, string> {
    const found = new Map<string, string>();
    for (const event of this.facts.events) {
      for (const { subscription, stateOf } of this.facts.effects) {
        if (stateOf(event) === undefined) continue;
        found.set(commandIdOfEffect(subscription, event.eventId), effectId(subscription, event.eventId));
      }
    }
    return found;
  }

  /** The cause, if it is in the graph; otherwise the request, which stands for what is not in this log. */
  private known(causationId: string | undefined): string | undefined {
    if (causationId !== undefined && this.nodes.has(causationId)) return causationId;
    return this.nodes.has(this.correlationId) ? this.correlationId : undefined;
  }

  private add(node: CausationNode): void {
    this.nodes.set(node.id, node);
  }

  private connect(from: string | undefined, to: string): void {
    if (from !== undefined && from !== to) this.edges.set(`${from} ${to}`, { from, to });
  }
}

function effectId(subscription: string, eventId: string): string {
  return `${subscription}/${eventId}`;
}
