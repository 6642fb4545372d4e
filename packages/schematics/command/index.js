import { KnownAggregate } from '../project/aggregates.js';
import { hasTestSupport, refuseRoutesWithoutRoles, typeCheck } from '../project/application.js';
import { eventThatFollows, methodNameFor } from '../project/decisions.js';
import { Feature } from '../project/features.js';
import { generator, reading } from '../project/generator.js';
import { registerHandler } from '../project/modules.js';
import { refuseKeyword } from '../project/reserved-words.js';
import { routeSample, TEST_OF_ROUTE } from '../project/routes.js';
import { pascal } from '../project/words.js';
import { addDecision, hasCreator, NOW, takenBy } from './decision.js';
import { addCommandRoute } from './route.js';
import { addRules } from './rules.js';

const SHAPE = { example: 'orders/confirm-order', takes: /** @type {const} */ (['route']) };
const VALIDATORS = {
  flag: ['IsBoolean'],
  integer: ['IsInt', 'Max', 'Min'],
  text: ['IsString', 'Length'],
  uuid: ['IsUUID'],
};

/** Generates a command and its handler, and with `route` its DTO and route: `nest g command orders/confirm-order route`. */
export const command = generator(reading('command', SHAPE), (tree, request) => {
  const feature = Feature.find(tree, request.feature);
  const { name, route } = request;
  refuseKeyword(name);
  feature.refuseExisting(tree, `command ${name}`, `commands/${name}`);
  const aggregate = KnownAggregate.about(tree, feature, name);

  const event = eventThatFollows(name, aggregate.events(tree));
  const decision = {
    name,
    className: pascal(name),
    method: methodNameFor(name, aggregate),
    event,
    creates: !hasCreator(tree, aggregate),
    takes: takenBy(event),
  };
  const written = addDecision(tree, aggregate, decision);
  if (request.spec) addRules(tree, aggregate, decision);
  registerHandler(tree, feature, 'COMMAND_HANDLERS', `${pascal(name)}Handler`, `./commands/${name}/${name}.handler.js`);

  const asked = event?.fields.slice(1).filter(({ kind }) => kind in VALIDATORS) ?? [];
  const names = asked.map((field) => field.name);
  if (route) {
    refuseRoutesWithoutRoles(tree);
    feature.refuseTest(tree, name);
  }
  const added = route ? addCommandRoute(tree, aggregate, decision, names, route) : undefined;
  return {
    values: {
      at: feature.name,
      route: added && routeSample(added.controller, 'post', added.path),
      ...decision,
      aggregate,
      stored: !route,
      carried: decision.takes.filter(({ name: each }) => route || each !== NOW),
      told: decision.takes.map(({ name: each }) => (route || each !== NOW ? each : 'new Date()')),
      type: `${feature.name}.${name}`,
      asked,
      validators: validatorsOf(asked),
    },
    without: [
      ...(route ? [] : ['.dto.ts.template']),
      ...(route && hasTestSupport(tree) ? [] : ['.e2e-spec.ts.template']),
    ],
    next: [
      ...(written
        ? []
        : [`write ${decision.method} in ${aggregate.path}: \`${typeCheck(tree)}\` shows where it is missing`]),
      ...nextSteps(aggregate, decision, added?.controller.path),
      ...(added && !hasTestSupport(tree) ? [TEST_OF_ROUTE] : []),
    ],
  };
});

/** @param {readonly import('../project/fields.js').Field[]} asked */
function validatorsOf(asked) {
  const used = asked.flatMap(({ kind }) =>
    kind in VALIDATORS ? VALIDATORS[/** @type {keyof VALIDATORS} */ (kind)] : [],
  );
  return used.filter((name, index) => used.indexOf(name) === index).toSorted((one, other) => one.localeCompare(other));
}

/**
 * @param {KnownAggregate} aggregate
 * @param {import('./decision.js').Decision} decision
 * @param {string | undefined} controllerPath
 */
function nextSteps({ specPath }, { creates, event }, controllerPath) {
  return [
    ...(creates && event ? [] : [`complete the test in ${specPath} with what else must happen: it fails until you do`]),
    ...(controllerPath ? [`decide in ${controllerPath} who may call it: only operators so far`] : []),
  ];
}
