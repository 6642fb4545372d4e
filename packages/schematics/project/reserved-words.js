import { Refusal } from './refusal.js';
import { camel, pascal } from './words.js';

/** Words that can't name a variable. A class may be called after them: `Return` is none of them. */
const KEYWORDS = new Set(
  `
  arguments await break case catch class const continue debugger default delete do else enum eval export extends
  false finally for function if implements import in instanceof interface let new null package private protected
  public return static super switch this throw true try typeof undefined var void while with yield
`
    .trim()
    .split(/\s+/),
);

/** Classes that files of a feature import, or that are said of everything. */
const TAKEN_CLASSES = new Set(
  `
  Aggregate AggregateRepository AggregateRoot Body Column Command CommandBus CommandHandler Controller
  DomainEvent Entity EventContext EventsHandler EventSourcingModule ExpectedError Get Injectable InjectReadModel
  Module Observable Page Param Post Projection Query QueryBus QueryHandler ReadModel ReadsFrom Repository Retry
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
 * For what is called with its whole name in code: a command, a query, a saga, a folder.
 * @param {string} name
 */
export function refuseKeyword(name) {
  if (!isKeyword(name) && name !== 'constructor') return;
  throw new Refusal(
    `"${name}" is a reserved word of JavaScript. Say what it is about as well, for example "${name}-order".`,
  );
}

/**
 * For classes that carry no suffix: aggregates, events, and the rows of read models.
 * @param {string} name
 */
export function refuseTakenClass(name) {
  const className = pascal(name);
  if (!TAKEN_CLASSES.has(className) && !(className in globalThis)) return;
  throw new Refusal(`${className} is a class that JavaScript or the framework has. Choose a name of your own.`);
}
