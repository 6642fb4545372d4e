import { Refusal } from './refusal.js';
import { capitalised, spaced } from './words.js';

/**
 * A route's path below its feature's: the default or the given one, with the id in front when the request needs it.
 * @param {true | string} given
 * @param {string} usual
 * @param {string | undefined} idName
 */
export function routePath(given, usual, idName) {
  if (given === true) return usual;
  const path = given.replaceAll(/^\/+|\/+$/g, '');
  if (!/^[:\w-]+(\/[:\w-]+)*$/.test(path)) {
    throw new Refusal(
      `"${given}" can't be a path. Use words and :parameters with slashes between: route=${usual || 'all'}`,
    );
  }
  return idName === undefined || path.split('/').includes(`:${idName}`) ? path : `:${idName}/${path}`;
}

/**
 * The decorator that says what a route does. @param {string} name `confirm-order` @param {string} description
 */
export function apiOperation(name, description) {
  return `@ApiOperation({ summary: '${capitalised(spaced(name))}', description: '${description}' })`;
}

/** The next step where no test of a route can be generated. */
export const TEST_OF_ROUTE =
  'write a test of the route: none is generated, because test/support has no test-app.ts, databases.ts and expectations.ts';

/**
 * The name of a route in its test.
 * @param {import('./controllers.js').KnownController} controller
 * @param {'get' | 'post'} verb
 * @param {string} path below the controller's
 */
export function routeSample({ name }, verb, path) {
  const full = `/${name}${path && `/${path}`}`;
  return { verb, spoken: `${verb.toUpperCase()} ${full}`, sample: full.replaceAll(/:\w+/g, SOME_ID) };
}

const SOME_ID = '018f2b6e-0000-7000-8000-000000000201';
