import { Refusal } from './refusal.js';
import { camel, pascal } from './words.js';

/** Words that can't name a variable. A class can still be named after them: `Return`. */
const KEYWORDS = new Set(
  `
  arguments await break case catch class const continue debugger default delete do else enum eval export extends
  false finally for function if implements import in instanceof interface let new null package private protected
  public return static super switch this throw true try typeof undefined var void while with yield
`
    .trim()
    .split(/\s+/),
);

/** Classes that a feature's files import, or that would be ambiguous. */
const TAKEN_CLASSES = new Set(
  `
  Aggregate AggregateRepository AggregateRoot Body Column Command CommandBus CommandHandler Controller
  DecisionModel DomainEvent Entity EventContext EventsHandler EventSourcingModule ExpectedError Get Injectable InjectReadModel
  ModelParticipant Module Observable Page Param Post Projection Query QueryBus QueryHandler ReadModel ReadsFrom Repository Retry
  Roles Saga SagaName SideEffect StoredCommand
`
    .trim()
    .split(/\s+/),
);

/** @param {string} name */
export function isKeyword(name) {
  return KEYWORDS.has(camel(name));
}

/**
 * Checks a name that code uses as it is: of a command, a query, a saga or a folder.
 * @param {string} name
 */
export function refuseKeyword(name) {
  if (!isKeyword(name) && name !== 'constructor') return;
  throw new Refusal(`"${name}" is a reserved word of JavaScript. Add what it is about, for example "${name}-order".`);
}

/**
 * Checks the name of a class without a suffix: an aggregate, an event, or the row of a read model.
 * @param {string} name
 */
export function refuseTakenClass(name) {
  const className = pascal(name);
  if (!TAKEN_CLASSES.has(className) && !(className in globalThis)) return;
  throw new Refusal(`${className} is a class of JavaScript or of the framework. Choose another name.`);
}
