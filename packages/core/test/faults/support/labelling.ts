import { type INestApplicationContext } from '@nestjs/common';
import { decisionModel, Decisions, EventSourcingModule, type TagValues } from '../../../src/index.js';
import { bootKernel } from '../../counters/counter-node.js';
import { countOf, labelled } from '../../decisions/labels.js';
import type { TestDatabase } from '../../support/databases.js';

/** A node whose events carry a label, as a tag or not. Each label may be used once. */
export class Labelling {
  private readonly decisions: Decisions;

  private constructor(
    readonly app: INestApplicationContext,
    private readonly Labelled: ReturnType<typeof labelled>,
    private readonly Count: ReturnType<typeof countOf>,
  ) {
    this.decisions = app.get(Decisions);
  }

  static async start(database: TestDatabase, tagged: boolean): Promise<Labelling> {
    const Labelled = labelled(tagged ? ({ label }): TagValues => ({ label }) : undefined);
    const Count = countOf(Labelled);
    const feature = EventSourcingModule.forFeature({ events: [Labelled], decisionModels: [Count] });
    const app = await bootKernel(database, { runSubscriptions: false }, { imports: [feature] });
    return new Labelling(app, Labelled, Count);
  }

  /** Uses a label, unless it is used already. Returns whether it did. */
  use(label: string): Promise<boolean> {
    return this.decisions.decide({ used: this.countOf(label) }, ({ used }, changes) => {
      if (used.count > 0) return false;
      changes.append(`label-${label}`, new this.Labelled(label, 1));
      return true;
    });
  }

  /** The number of events that decisions find by a label. */
  timesUsed(label: string): Promise<number> {
    return this.decisions.decide({ used: this.countOf(label) }, ({ used }) => used.count);
  }

  close(): Promise<void> {
    return this.app.close();
  }

  private countOf(label: string) {
    return decisionModel(this.Count, { label });
  }
}
