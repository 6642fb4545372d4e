import type { Answer, Client } from '../support/client.js';
import type { Person } from '../support/people.js';
import type { TestApp } from '../support/test-app.js';
import { ask } from './ask.js';
import type { FuzzCaller } from './hunt.js';
import type { Route } from './operations.js';
import type { FuzzRequest } from './requests.js';

/** Users whose sessions and roles a request of the fuzz may end: then they sign in and repeat the request. */
export class FuzzCallers {
  private constructor(
    private readonly app: TestApp,
    /** An operator that the fuzz does not use. */
    private readonly guardian: Person,
    private readonly people: { ann: Person; operator: Person },
  ) {}

  static async of(app: TestApp, ann: Person, operator: Person): Promise<FuzzCallers> {
    return new FuzzCallers(app, await app.newOperator(), { ann, operator });
  }

  async ask(caller: FuzzCaller, route: Route, request: FuzzRequest): Promise<Answer> {
    const answer = await ask(this.app, this.clientOf(caller), route, request);
    const isPublic = route.operation.security?.some((each) => Object.keys(each).length === 0);
    if (caller === 'nobody' || isPublic || !isVoid(answer)) return answer;
    await this.signInAgain();
    const again = await ask(this.app, this.clientOf(caller), route, request);
    if (isVoid(again)) throw new Error(`${caller} has just signed in, and is told that the token is void.`);
    return again;
  }

  private clientOf(caller: FuzzCaller): Client {
    return caller === 'nobody' ? this.app.anyone : this.people[caller];
  }

  private async signInAgain(): Promise<void> {
    const { ann, operator } = this.people;
    await this.guardian.put(`${operator.path}/roles/operator`);
    await this.guardian.delete(`${ann.path}/roles/operator`);
    this.people.ann = await this.app.signIn(ann);
    this.people.operator = await this.app.signIn(operator);
  }
}

function isVoid({ status, body }: Answer): boolean {
  return status === 401 && (body as { type?: unknown }).type === 'token-invalid';
}
