import { isDeepStrictEqual } from 'node:util';
import { Answers } from '../fuzz/answers.js';
import { ask } from '../fuzz/ask.js';
import { nameOf, type OpenApi, type Route, routesOf } from '../fuzz/operations.js';
import type { Answer, Client } from '../support/client.js';
import type { TestApp } from '../support/test-app.js';
import { type Caller, CALLERS, type LastingCallers, lastingCallers, SIGNED_IN, VOID } from './callers.js';
import { bodyOf, letRun, makeProduct, makeThings, parametersOf, stateOf, type Things } from './things.js';
import type { Who } from './who-may.js';

/** Status and code of a refusal. */
type Refusal = readonly [status: 401 | 403 | 404, code: string];

/** Asks one started application for every operation as every caller. */
export class Matrix {
  private constructor(
    private readonly app: TestApp,
    private readonly routes: readonly Route[],
    private readonly answers: Answers,
    private readonly lasting: LastingCallers,
    private readonly sku: string,
  ) {}

  static async of(app: TestApp): Promise<Matrix> {
    const api = (await app.anyone.get('/docs-json')).body as OpenApi;
    return new Matrix(app, routesOf(api), new Answers(api), await lastingCallers(app), await makeProduct(app));
  }

  /** Operations of the OpenAPI document that the table lacks, and lines without an operation. */
  differences(table: Readonly<Record<string, Who>>): string[] {
    const documented = new Set(this.routes.map(nameOf));
    const listed = new Set(Object.keys(table).map(withoutQuery));
    const missing = [...documented].filter((name) => !listed.has(name));
    const unknown = [...listed].filter((name) => !documented.has(name));
    return [
      ...missing.map((name) => `${name} is not in the table: who may?`),
      ...unknown.map((name) => `There is no ${name}: strike it out.`),
    ];
  }

  /** @param line of the table: method, path and query of an operation; @returns how the application differs from it */
  async complaints(line: string, who: Who): Promise<string[]> {
    const route = this.routes.find((each) => nameOf(each) === withoutQuery(line));
    if (!route) return [`There is no ${line}.`];
    const things = await makeThings(this.app, this.sku, line);
    const refused = CALLERS.filter((caller) => refusalOf(who, caller, route));
    const complaints = await this.refusedOnes(line, who, route, refused, things);
    for (const caller of CALLERS) {
      if (refused.includes(caller)) continue;
      // One request must not affect the next.
      const own = affects(route, who) ? await makeThings(this.app, this.sku, line) : things;
      complaints.push(...(await this.admittedOne(line, who, route, caller, own)));
    }
    return complaints;
  }

  private async refusedOnes(
    line: string,
    who: Who,
    route: Route,
    callers: readonly Caller[],
    things: Things,
  ): Promise<string[]> {
    const complaints: string[] = [];
    const before = await stateOf(this.app);
    for (const caller of callers) {
      const answer = await this.asked(line, route, this.lastingClient(caller, things), things);
      const [status, code] = refusalOf(who, caller, route)!;
      const got = `${answer.status} ${(answer.body as { type?: string }).type ?? ''}`.trim();
      if (got !== `${status} ${code}`) complaints.push(`${caller} is answered ${got} in place of ${status} ${code}`);
      if (tells(answer, things)) complaints.push(`${caller} is told the owner's names`);
      complaints.push(...this.answers.complaints(route, answer).map((each) => `${caller}: ${each}`));
    }
    const after = await stateOf(this.app);
    const changed = Object.keys(before).filter((key) => !isDeepStrictEqual(before[key], after[key]));
    if (changed.length > 0) complaints.push(`a refused request changed ${changed.join(', ')}`);
    return complaints;
  }

  private async admittedOne(line: string, who: Who, route: Route, caller: Caller, things: Things): Promise<string[]> {
    const client = await this.clientOf(caller, things, route);
    const headers = route.method === 'get' ? { 'leftfold-min-position': String(await this.app.head()) } : undefined;
    const answer = await this.asked(line, route, client, things, headers);
    if (line.startsWith('POST /subscriptions/')) await letRun(this.app);
    const complaints = this.answers.complaints(route, answer);
    if (answer.status >= 300) complaints.push(`is answered ${answer.status} ${answer.text}`);
    const reads = route.method === 'get' && caller === 'an auditor';
    const stranger = caller !== 'the owner' && caller !== 'an operator' && !reads;
    if (who === 'signed-in' && stranger && (tells(answer, things) || answer.text.includes(things.owner.userId))) {
      complaints.push('is told of the owner');
    }
    return complaints.map((each) => `${caller} ${each}`);
  }

  private lastingClient(caller: Caller, { owner }: Things): Client {
    return caller === 'the owner' ? owner : this.lasting[caller];
  }

  /** An admitted request may end sessions, so its caller gets a new one, unless it only reads. A refused one changes nothing. */
  private async clientOf(caller: Caller, things: Things, { method }: Route): Promise<Client> {
    if (method === 'get') return this.lastingClient(caller, things);
    switch (caller) {
      case 'an operator':
        return this.app.newOperator();
      case 'another customer':
      case 'an auditor':
      case 'a revoked operator who signed in again':
        return this.app.signIn(this.lasting[caller]);
      default:
        return this.lastingClient(caller, things);
    }
  }

  private asked(
    line: string,
    route: Route,
    client: Client,
    things: Things,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer> {
    const parameters = parametersOf(route.path, things);
    const filled = line.slice(line.indexOf(' ') + 1).replace(/\{(\w+)\}/g, (_, name: string) => {
      if (!parameters[name]) throw new Error(`things.ts has no value for {${name}}: add one.`);
      return encodeURIComponent(parameters[name]);
    });
    const schema = route.operation.requestBody?.content['application/json']?.schema;
    const dto = schema?.$ref?.split('/').at(-1);
    const body = dto === undefined ? undefined : bodyOf(dto, things, client);
    if (schema && !body) throw new Error(`things.ts has no body for ${dto ?? line}: add one.`);
    return ask(this.app, client, route, { path: filled, body, headers });
  }
}

/** @returns undefined for callers who may */
function refusalOf(who: Who, caller: Caller, { method, path }: Route): Refusal | undefined {
  if (who === 'anyone') return undefined;
  if (caller === 'nobody') return [401, 'not-signed-in'];
  if (isOneOf(VOID, caller)) return [401, 'token-invalid'];
  if (!isOneOf(SIGNED_IN, caller)) throw new Error(`It is not said what ${caller} may do.`);
  if (who === 'signed-in') return undefined;
  if (caller === 'an operator') return who === 'owner' ? [403, 'forbidden'] : undefined;
  if (caller === 'an auditor') return method === 'get' ? undefined : [403, 'forbidden'];
  if (who === 'operator') return [403, 'forbidden'];
  if (caller === 'the owner') return undefined;
  return [404, path.startsWith('/orders') ? 'order-not-found' : 'user-not-found'];
}

/** Whether an admitted request may change what the next one needs. The requests of anyone make something new. */
function affects({ method, path }: Route, who: Who): boolean {
  return method !== 'get' && (who !== 'anyone' || path.endsWith('/redemption'));
}

const isOneOf = (callers: readonly Caller[], caller: Caller): boolean => callers.includes(caller);
const withoutQuery = (line: string): string => line.replace(/\?.*/, '');

function tells({ text }: Answer, { owner: { username, email } }: Things): boolean {
  return text.includes(username) || text.includes(email);
}
