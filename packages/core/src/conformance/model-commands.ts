import { randomUUID } from 'node:crypto';
import type { EventLog, ReadStreamOptions, ReadTaggedOptions } from '../event-log/event-log.js';
import type { EventQuery } from '../events/event-query.js';
import { type AppendPlan, COMMANDS, type QueryPlan, type SlicePlan } from './model-plans.js';
import { type ModelLog, outcomeOf, shown } from './model-log.js';
import { type Append, inSomeOrder } from './one-order.js';
import { aStream, aTag, all, anEvent, times } from './samples.js';

/** The real log, and the few names that one run of a property uses. */
export class RealLog {
  readonly streams = times(3, () => aStream('model'));
  private readonly tags = times(3, () => aTag());
  readonly commandIds = times(COMMANDS, () => randomUUID());

  constructor(
    readonly nodes: readonly EventLog[],
    readonly start: number,
    /** Outcomes of the appends, so that the test can check that the runs did something. */
    readonly seen: string[],
  ) {}

  append(plan: AppendPlan, head: number): Append {
    const { command, condition } = plan;
    return [
      plan.streams.map(({ stream, expected, events }) => ({
        stream: this.streams[stream]!,
        expected,
        events: events.map(({ type, tags, note }) => anEvent({ type, data: { note }, tags: this.named(tags) })),
      })),
      {
        ...(command && { commandId: this.commandIds[command.id]!, result: command.result }),
        ...(condition && {
          condition: { query: this.query(condition), after: condition.sinceNow ? head : this.start },
        }),
      },
    ];
  }

  query({ items }: QueryPlan): EventQuery {
    return { items: items.map(({ tags, types }) => ({ tags: this.named(tags), ...(types && { types }) })) };
  }

  private named(tags: readonly number[]) {
    return tags.map((tag) => this.tags[tag]!);
  }
}

/** Replaced by each step that changes it. */
export interface CurrentModel {
  log: ModelLog;
}

type Step = (model: CurrentModel, real: RealLog) => Promise<void>;

/** One step of a run, in a form that fast-check can shrink and print. */
export class Command {
  constructor(
    private readonly words: string,
    private readonly step: Step,
  ) {}

  check(): boolean {
    return true;
  }

  run(model: CurrentModel, real: RealLog): Promise<void> {
    return this.step(model, real);
  }

  toString(): string {
    return this.words;
  }
}

/** Several concurrent appends, each on some node. */
export function appending(plans: readonly (readonly [node: number, plan: AppendPlan])[]): Command {
  return new Command(`append [node, append]: ${JSON.stringify(plans)}`, async (model, real) => {
    const appends = plans.map(([, plan]) => real.append(plan, model.log.head));
    const outcomes = await Promise.all(
      appends.map((each, index) => outcomeOf(real.nodes[plans[index]![0]]!.append(...each))),
    );

    const after = inSomeOrder(model.log, appends, outcomes);
    if (!after) {
      // On a mismatch, the order of sending makes the difference easiest to see.
      expect(outcomes).toEqual(appends.map((each) => model.log.append(...each)));
      throw new Error('No order of these appends explains what became of them.');
    }
    model.log = after;
    for (const each of outcomes)
      real.seen.push('refused' in each ? each.refused : each.repeated ? 'repeated' : 'stored');
    for (const node of real.nodes) expect(await node.head()).toBe(model.log.head);
  });
}

export function readingStream(node: number, stream: number, options: Omit<ReadStreamOptions, 'until'>): Command {
  return new Command(`read stream ${stream} ${JSON.stringify(options)}`, async (model, real) => {
    const name = real.streams[stream]!;
    expect((await all(real.nodes[node]!.readStream(name, options))).map(shown)).toEqual(
      model.log.stream(name, options),
    );
  });
}

export function readingSlice(node: number, { after, limit, upTo, types }: SlicePlan): Command {
  return new Command(`read all ${JSON.stringify({ after, limit, upTo, types })}`, async (model, real) => {
    const from = real.start + after;
    const to = upTo === undefined ? undefined : real.start + upTo;
    const slice = await real.nodes[node]!.readAll({
      after: from,
      limit,
      ...(to !== undefined && { upTo: to }),
      ...(types && { types }),
    });

    expect({ ...slice, events: slice.events.map(shown) }).toEqual(model.log.slice(from, limit, to, types));
  });
}

/** Positions in the options are counted from the start of the run. */
export function readingTagged(node: number, query: QueryPlan, options: ReadTaggedOptions): Command {
  return new Command(`read tagged ${JSON.stringify([query, options])}`, async (model, real) => {
    const { after = 0, upTo, ...rest } = options;
    const range = { ...rest, after: real.start + after, ...(upTo !== undefined && { upTo: real.start + upTo }) };
    const read = real.nodes[node]!.readTagged(real.query(query), range);
    const events = await all(read);
    expect({ events: events.map(shown), searchedTo: read.searchedTo }).toEqual(
      model.log.tagged(real.query(query), range),
    );
  });
}

export function findingCommand(node: number, command: number): Command {
  return new Command(`find command ${command}`, async (model, real) => {
    const id = real.commandIds[command]!;
    const found = await real.nodes[node]!.findCommand(id);
    const actual = found && (await outcomeOf(Promise.resolve(found)));
    expect(actual).toEqual(model.log.command(id));
  });
}
