import assert from 'node:assert/strict';
import { classOf } from '../constructor.js';
import { type DecisionModelClass, type Evolving, describeModel } from '../decisions/decision-model.decorator.js';
import { textOfTag } from '../decisions/model-query.js';
import { type ModelParticipant, decisionModel } from '../decisions/participants.js';
import { describeEvent } from '../events/domain-event.decorator.js';
import { type JsonObject, decodeJson, encodeJson } from '../events/json.js';
import { tagsOf } from '../events/tags.js';
import { eventThroughStorage } from './through-storage.js';

/**
 * Tests a decision model with events: `expect(modelSpec(Seats.of('maths')).given(aCourse(), aSeat()).taken).toBe(1)`.
 * A class without tags stands for the model over all events of its types. Every event is converted to JSON and back, as
 * in the log.
 */
export function modelSpec<M extends Evolving>(model: DecisionModelClass<M> | ModelParticipant<M>): ModelSpec<M> {
  return new ModelSpec(typeof model === 'function' ? decisionModel(model) : model);
}

/** A decision model to which events can be given. */
export class ModelSpec<M extends Evolving> {
  constructor(private readonly participant: ModelParticipant<M>) {}

  /**
   * The state that a decision gets after these events, in this order. Events without its tags are left out, and so are
   * all but the last ones if only those count. A model with snapshots is also restored after each event.
   * @throws Error when the model does not list one of the events; AssertionError when its snapshot loses part of the
   * state
   */
  given(...events: object[]): M {
    const { modelClass } = this.participant;
    const { snapshotVersion } = describeModel(modelClass);
    const matching = this.matching(events).map(eventThroughStorage);
    const state = new modelClass();
    let restored = new modelClass();
    for (const event of matching) {
      state.evolve(event);
      if (snapshotVersion === undefined) continue;
      restored.evolve(event);
      restored = throughSnapshot(modelClass, restored);
      assert.deepStrictEqual(restored, state, `The snapshot of ${modelClass.name} loses part of its state.`);
    }
    return state;
  }

  private matching(events: readonly object[]): object[] {
    const { modelClass, tagSets } = this.participant;
    const { events: listed, lastEventOnly = false } = describeModel(modelClass);
    const unlisted = events.find((event) => !listed.includes(classOf(event)));
    if (unlisted) throw new Error(`${classOf(unlisted).name} is not among the events of ${modelClass.name}.`);
    const tags = events.map(tagTextsOf);
    const found = tagSets.flatMap((set) => {
      const wanted = set.map(textOfTag);
      const of = events.filter((_, index) => wanted.every((each) => tags[index]!.includes(each)));
      return lastEventOnly ? of.slice(-1) : of;
    });
    return events.filter((event) => found.includes(event));
  }
}

function tagTextsOf(event: object): string[] {
  const { tags } = describeEvent(classOf(event));
  return tags ? tagsOf(tags(event)).map(textOfTag) : [];
}

function throughSnapshot<M extends Evolving>(modelClass: DecisionModelClass<M>, state: M): M {
  const restored = new modelClass();
  restored.restoreSnapshot!(decodeJson<JsonObject>(encodeJson(state.takeSnapshot!(), 'snapshot')));
  return restored;
}
